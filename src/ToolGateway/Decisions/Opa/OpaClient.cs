using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace ToolGateway.Decisions.Opa;

/// <summary>One exchange with OPA's Data API. Everything that can happen to it is a reply.</summary>
internal sealed class OpaClient : IDisposable
{
    /// <summary>A decision with 16 reasons and a page of pointers is a few kilobytes.</summary>
    private const int MaxResponseBytes = 1 << 20;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _http;
    private readonly ServiceCredentials _credentials;
    private readonly OpaResponseReader _reader = new();
    private readonly Version _version;
    private readonly HttpVersionPolicy _versionPolicy;
    private readonly Uri _decision;
    private readonly Uri _visible;
    private readonly Uri _revision;

    public OpaClient(OpaOptions options, ServiceCredentials credentials)
    {
        _credentials = credentials;
        _http = new HttpMessageInvoker(OpaTransport.CreateHandler(options, credentials));
        _version = options.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        _versionPolicy = HttpVersionPolicy.RequestVersionExact;
        var data = new Uri(OpaTransport.BaseAddress(options.Address!), "v1/data/");

        // Without strict errors a deny rule whose built-in fails disappears and the call is allowed.
        _decision = new Uri(data, Escape(options.Path) + "?strict-builtin-errors=true&provenance=true");
        _visible = new Uri(data, Escape(options.VisiblePath) + "?strict-builtin-errors=true&provenance=true");

        // A path without rules: the cheapest question whose answer names the bundles. The shipped policy keeps it out of OPA's log.
        _revision = new Uri(data, "toolgateway/revision?provenance=true");
    }

    /// <summary>Asks; <paramref name="body"/> is the request's JSON and is only read while the call lasts.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> came first.</exception>
    public async ValueTask<OpaReply> AskAsync(OpaQuestion question, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!_credentials.IsReady)
            return new OpaReply(OpaReplyKind.NotConnected) { Detail = "the token or certificate files of Decisions:Opa cannot be read" };
        try
        {
            using var request = CreateRequest(question, body);
            using var response = await _http.SendAsync(request, cancellation);
            return await ReadAsync(response, question, cancellation);
        }
        catch (HttpRequestException e)
        {
            return new OpaReply(KindOf(e.HttpRequestError)) { Detail = e.Message };
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // The handler's own limit for connecting.
            return new OpaReply(OpaReplyKind.NotConnected) { Detail = e.Message };
        }
    }

    public void Dispose() => _http.Dispose();

    private static OpaReplyKind KindOf(HttpRequestError error) => error switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError => OpaReplyKind.NotConnected,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError => OpaReplyKind.Garbage,
        _ => OpaReplyKind.Broken,
    };

    private static string Escape(string path) => string.Join('/', path.Trim('/').Split('/').Select(Uri.EscapeDataString));

    private HttpRequestMessage CreateRequest(OpaQuestion question, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(question == OpaQuestion.Revision ? HttpMethod.Get : HttpMethod.Post, question switch
        {
            OpaQuestion.Decision => _decision,
            OpaQuestion.Visible => _visible,
            _ => _revision,
        })
        {
            Version = _version,
            VersionPolicy = _versionPolicy,
        };
        if (question != OpaQuestion.Revision)
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
        if (_credentials.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async ValueTask<OpaReply> ReadAsync(HttpResponseMessage response, OpaQuestion question, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(response.Content.Headers.ContentLength ?? 4096, 256, MaxResponseBytes) + 1);
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var length = 0;
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
                if (read == 0)
                    return _reader.Read((int)response.StatusCode, buffer.AsSpan(0, length), question);
                length += read;
                if (length > MaxResponseBytes)
                    return new OpaReply(OpaReplyKind.Garbage) { Detail = $"the answer is larger than {MaxResponseBytes} bytes" };
                if (length == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        catch (IOException e)
        {
            return new OpaReply(OpaReplyKind.Garbage) { Detail = $"the answer broke off: {e.Message}" };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
