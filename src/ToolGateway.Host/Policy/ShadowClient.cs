using System.Net;
using System.Text.Json;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Hosting;

namespace ToolGateway.Host.Policy;

/// <summary>Gets the report of a gateway's management listener, or of standard input.</summary>
internal static class ShadowClient
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The report, or what is wrong.</summary>
    public static async Task<(ShadowReport? Report, string? Problem)> GetAsync(string source, CancellationToken cancellation)
    {
        try
        {
            if (source == "-")
                return Read(await Console.In.ReadToEndAsync(cancellation), source);
            var isUnix = source.StartsWith(UnixSockets.Scheme, StringComparison.Ordinal);
            if (!Uri.TryCreate(isUnix ? "http://localhost" : source, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                return (null, $"{source} is no address; write http://host:port, unix:///path, or - for standard input");
            using var client = Create(isUnix ? source[UnixSockets.Scheme.Length..] : null);
            using var response = await client.GetAsync(new Uri(address, "/shadow"), cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return (null, $"the gateway at {source} compares with no candidate; name one in Decisions:Shadow, and give the address of Management:Address");
            if (!response.IsSuccessStatusCode)
                return (null, $"{source} answers {(int)response.StatusCode}; give the address of Management:Address, from where it may be used");
            return Read(await response.Content.ReadAsStringAsync(cancellation), source);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return (null, $"{source} does not answer: {e.Message}");
        }
    }

    private static (ShadowReport? Report, string? Problem) Read(string json, string source)
    {
        try
        {
            if (JsonSerializer.Deserialize<ShadowReport>(json, ShadowReport.Json) is { Engine: not null, Errors: not null, Differences: not null } report)
                return (report, null);
        }
        catch (JsonException e)
        {
            return (null, $"{source} gives no JSON: {e.Message}");
        }

        return (null, $"{source} gives no report of a candidate; give the address of Management:Address");
    }

    private static HttpClient Create(string? unixPath)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        if (unixPath is not null)
            handler.ConnectCallback = (_, cancellation) => ClientConnection.ConnectAsync(unixPath, cancellation);
        return new HttpClient(handler) { Timeout = Timeout };
    }
}
