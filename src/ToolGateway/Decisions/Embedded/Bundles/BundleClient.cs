using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>Asks a bundle service for a bundle that is newer than the one known, as OPA does. Everything that can happen to the question is an answer.</summary>
internal sealed class BundleClient : IDisposable
{
    private const int MaxRedirects = 3;
    private const string LongPollType = "application/vnd.openpolicyagent.bundles";

    private readonly BundleOptions _options;
    private readonly ServiceCredentials _credentials;
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly string _preference;
    private bool _isLongPoll;

    public BundleClient(BundleOptions options, ServiceCredentials credentials)
    {
        _options = options;
        _credentials = credentials;
        _address = new Uri(options.Url!);
        var wait = options.LongPollingTimeout > TimeSpan.Zero ? $";wait={(long)Math.Ceiling(options.LongPollingTimeout.TotalSeconds)}" : "";
        _preference = $"modes=snapshot{wait}";
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.Timeout,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            SslOptions = credentials.ClientTls(_address.Host),
            ConnectCallback = ClientConnection.ConnectAsync,
        });
    }

    /// <param name="etag">The tag of the bundle known, or null.</param>
    /// <param name="cancellation">Stops the gateway.</param>
    public async Task<BundleAnswer> AskAsync(string? etag, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(_options.Timeout + _options.LongPollingTimeout);
        try
        {
            var (response, refusal) = await SendAsync(etag, time.Token);
            if (response is null)
                return refusal!;
            using (response)
                return await ReadAsync(response, etag, time);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new BundleAnswer(BundleResults.Connection, $"{_address.Authority}: {e.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new BundleAnswer(BundleResults.Timeout, $"{_address.Authority} did not deliver within {_options.Timeout}");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends the question and follows redirects. The credentials go to the configured place only.</summary>
    private async Task<(HttpResponseMessage? Response, BundleAnswer? Refusal)> SendAsync(string? etag, CancellationToken cancellation)
    {
        var address = _address;
        for (var redirects = 0; ; redirects++)
        {
            using var request = CreateRequest(address, etag);
            var response = await _http.SendAsync(request, cancellation);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return (response, null);
            var next = response.Headers.Location is { } location ? new Uri(address, location) : null;
            response.Dispose();
            if (next is null || redirects == MaxRedirects || !IsAllowed(next) || (next.Scheme != address.Scheme && next.Scheme != Uri.UriSchemeHttps))
                return (null, new BundleAnswer(BundleResults.Status, $"{address.Authority} redirects to {next?.GetLeftPart(UriPartial.Path) ?? "nowhere"} (at most {MaxRedirects} redirects are followed, never away from https); give the bundle's own address"));
            address = next;
        }
    }

    /// <summary>Whether a bundle may come from an address: https, or this machine.</summary>
    public static bool IsAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private HttpRequestMessage CreateRequest(Uri address, string? etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
        request.Headers.TryAddWithoutValidation("Prefer", _preference);
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        if (_credentials.Token is { } token && address.GetLeftPart(UriPartial.Authority) == _address.GetLeftPart(UriPartial.Authority))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async Task<BundleAnswer> ReadAsync(HttpResponseMessage response, string? etag, CancellationTokenSource time)
    {
        if (response.StatusCode == HttpStatusCode.NotModified && etag is not null)
            return new BundleAnswer(BundleResults.Unchanged) { ETag = etag, IsLongPoll = _isLongPoll };
        if (response.StatusCode != HttpStatusCode.OK)
            return new BundleAnswer(BundleResults.Status, $"{_address.Authority} answered {(int)response.StatusCode}{Advice(response.StatusCode)}");
        time.CancelAfter(_options.Timeout);
        if (await ReadContentAsync(response, time.Token) is not { } content)
            return new BundleAnswer(BundleResults.TooLarge, string.Create(CultureInfo.InvariantCulture, $"the bundle is larger than {_options.MaxBytes} bytes; make it smaller, or raise Decisions:Embedded:Bundle:MaxBytes"));
        _isLongPoll = _options.LongPollingTimeout > TimeSpan.Zero && response.Content.Headers.ContentType?.MediaType == LongPollType;
        return new BundleAnswer(BundleResults.Updated)
        {
            Content = content,
            ETag = response.Headers.TryGetValues("ETag", out var tags) ? tags.First() : null,
            IsLongPoll = _isLongPoll,
        };
    }

    private async Task<byte[]?> ReadContentAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > _options.MaxBytes)
            return null;
        using var content = new MemoryStream();
        var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[81_920];
        while (await stream.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            if (content.Length + read > _options.MaxBytes)
                return null;
            await content.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        return content.ToArray();
    }

    private static string Advice(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "; check TokenFile and ClientCertificatePath of Decisions:Embedded:Bundle",
        HttpStatusCode.NotFound => "; check Decisions:Embedded:Bundle:Url",
        _ => "",
    };
}
