using Microsoft.IdentityModel.Protocols;
using ToolGateway.Hosting;

namespace ToolGateway.Identity.Tokens;

/// <summary>The HTTP client that fetches keys: no redirects, a short time, a bounded size.</summary>
internal static class KeyClient
{
    private const int MaxResponseBytes = 1 << 20;

    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(3),
        ConnectCallback = ClientConnection.ConnectAsync,
    })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = MaxResponseBytes,
    };

    /// <summary>Whether keys may be fetched from <paramref name="address"/>: https, or this machine.</summary>
    public static bool IsAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <summary>A retriever that stays on https unless <paramref name="address"/> itself is on this machine.</summary>
    public static IDocumentRetriever Retriever(Uri address) => new HttpDocumentRetriever(Client) { RequireHttps = address.Scheme == Uri.UriSchemeHttps };
}
