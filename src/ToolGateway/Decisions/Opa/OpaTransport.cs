using System.Net;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Opa;

/// <summary>Makes the connections to OPA: TCP, TLS or unix socket, HTTP/1.1 or h2c.</summary>
internal static class OpaTransport
{
    /// <summary>The address that requests name; over a unix socket its host is never resolved.</summary>
    public static Uri BaseAddress(string address) =>
        address.StartsWith(UnixSockets.Scheme, StringComparison.Ordinal) ? new Uri("http://localhost/") : new Uri(address.TrimEnd('/') + "/");

    public static ServiceCredentials Credentials(OpaOptions options, Func<string, string> fullPath) =>
        new(new ServiceCredentialFiles(options.TokenFile, options.CaPath, options.ClientCertificatePath, options.ClientKeyPath), "Decisions:Opa", fullPath);

    public static SocketsHttpHandler CreateHandler(OpaOptions options, ServiceCredentials credentials)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,

            // Shorter than the whole: a peer that takes no connection is told from one that gives no answer, and the embedded engine may stand in for it.
            ConnectTimeout = options.Timeout * 0.75,
            MaxConnectionsPerServer = 256,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),

            // A dead HTTP/2 connection carries all calls, so it must be noticed without waiting for TCP.
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = credentials.ClientTls(),
            ConnectCallback = ClientConnection.ConnectAsync,
        };
        if (options.Address!.StartsWith(UnixSockets.Scheme, StringComparison.Ordinal))
            handler.ConnectCallback = (_, cancellation) => ClientConnection.ConnectAsync(options.Address[UnixSockets.Scheme.Length..], cancellation);
        return handler;
    }
}
