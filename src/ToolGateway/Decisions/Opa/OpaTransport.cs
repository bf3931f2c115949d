using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ToolGateway.Decisions.Opa;

/// <summary>Makes the connections to OPA: TCP, TLS or unix socket, HTTP/1.1 or h2c.</summary>
internal static class OpaTransport
{
    private const string UnixScheme = "unix://";

    /// <summary>The address that requests name; over a unix socket its host is never resolved.</summary>
    public static Uri BaseAddress(string address) =>
        address.StartsWith(UnixScheme, StringComparison.Ordinal) ? new Uri("http://localhost/") : new Uri(address.TrimEnd('/') + "/");

    public static SocketsHttpHandler CreateHandler(OpaOptions options, OpaCredentials credentials)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.Timeout,
            MaxConnectionsPerServer = 256,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),

            // A dead HTTP/2 connection carries all calls, so it must be noticed without waiting for TCP.
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = CreateSslOptions(credentials),
        };
        if (options.Address!.StartsWith(UnixScheme, StringComparison.Ordinal))
            handler.ConnectCallback = (_, cancellation) => ConnectUnixAsync(options.Address[UnixScheme.Length..], cancellation);
        return handler;
    }

    private static SslClientAuthenticationOptions CreateSslOptions(OpaCredentials credentials) => new()
    {
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.ClientCertificate!,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is X509Certificate2 leaf && errors switch
        {
            SslPolicyErrors.None => credentials.Authorities is null || credentials.IsTrusted(leaf, chain),
            SslPolicyErrors.RemoteCertificateChainErrors => credentials.Authorities is not null && credentials.IsTrusted(leaf, chain),
            _ => false,
        },
    };

    private static async ValueTask<Stream> ConnectUnixAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
