using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>One attempt to reach the tool in a way that the gateway must refuse, from an address of its own so that its records can be told from others.</summary>
/// <param name="Status">Status line that the sender sees; null: none (a closed connection, or HTTP/2).</param>
/// <param name="Reason">What the records say.</param>
/// <param name="Records">How many pairs of records the attempt leaves.</param>
internal sealed record Attempt(string Name, int? Status, string Reason, Func<Attacker, Task<string>> Send, int Records = 1);

/// <summary>What an attempt works with: the gateway, and an address to come from.</summary>
internal sealed record Attacker(GatewayFixture Gateway, IPAddress Address)
{
    public const string Customer = "/tools/crm/customers/42";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A good token of the agent <c>support</c>.</summary>
    public string Token { get; } = Gateway.Token();

    public Task<SslStream> ConnectAsync(X509Certificate2? certificate = null, SslApplicationProtocol? protocol = null) =>
        Gateway.ConnectAsync(certificate, Address, protocol);

    /// <summary>Sends bytes over TLS and gives back what comes until the gateway closes the connection.</summary>
    /// <param name="request"><c>{token}</c> stands for a good token.</param>
    public async Task<string> SendAsync(string request, X509Certificate2? certificate = null)
    {
        await using var tls = await ConnectAsync(certificate);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(request.Replace("{token}", Token, StringComparison.Ordinal)));
        return Encoding.Latin1.GetString(await ReadToEndAsync(tls));
    }

    /// <summary>Sends bytes with the certificate of <c>support</c> and a token that verifies the intent of a refund.</summary>
    public async Task<string> SendRefundAsync(string request)
    {
        using var certificate = Gateway.AgentCertificate("support");
        var token = Gateway.Token(change: honest => honest with { Extra = new JsonObject { ["task"] = "T-1", ["purpose"] = "refund-order" } });
        return await SendAsync(request.Replace("{token}", token, StringComparison.Ordinal), certificate);
    }

    /// <summary>Calls the tool as an honest client would, but with this token.</summary>
    public Task<string> SendTokenAsync(string token, X509Certificate2? certificate = null) => SendAsync(
        $"GET {Customer} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n", certificate);

    public static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, timeout.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A reset after the answer is an end as well; a connection that stays open shows in what is missing.
        }

        return answer.ToArray();
    }
}
