using System.Net;
using System.Net.Security;
using System.Text;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Identity;

/// <summary>Trust and agents change while connections are open.</summary>
public sealed class CredentialLifecycleTests
{
    private const string Request = "GET /tools/crm/customers/42 HTTP/1.1\r\nHost: x\r\n\r\n";

    [Fact]
    public async Task RevokedBundle_EndsAnOpenConnectionsIdentity()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        await using var connection = await gateway.ConnectAsync(certificate);
        Assert.Equal("200", await StatusAsync(connection));

        await gateway.AfterReloadAsync(() => DevFiles.Write(gateway.Directory, "bundle.json", """{ "spiffe_sequence": 2, "keys": [] }"""));

        Assert.Equal("401", await StatusAsync(connection));
    }

    [Fact]
    public async Task BundleThatGoesBackOrIsBroken_ChangesNothing()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        await using var connection = await gateway.ConnectAsync(certificate);

        await gateway.AfterReloadAsync(() => DevFiles.Write(gateway.Directory, "bundle.json", """{ "spiffe_sequence": 0, "keys": [] }"""));
        Assert.Equal("200", await StatusAsync(connection));
        await gateway.AfterReloadAsync(() => DevFiles.Write(gateway.Directory, "bundle.json", "{"));
        Assert.Equal("200", await StatusAsync(connection));
    }

    [Fact]
    public async Task RotatedKeyFile_EndsRememberedTokensAndTakesNewOnes()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var next = DevTokens.Create();
        var request = new DevTokenRequest { Issuer = GatewayFixture.Issuer, Audiences = ["tool-gateway"], Subject = "support", ClientId = "support" };
        using var old = gateway.Client(token: gateway.Token());
        using var rotated = gateway.Client(token: next.Sign(request));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(old), await StatusAsync(rotated)));

        await gateway.AfterReloadAsync(() => DevFiles.Write(gateway.Directory, "jwks.json", next.JwksJson()));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(old), await StatusAsync(rotated)));
    }

    [Fact]
    public async Task DisabledAgent_IsRefusedByEveryIdentity()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        using var mtls = gateway.Client(certificate);
        using var bearer = gateway.Client(token: gateway.Token());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(mtls), await StatusAsync(bearer)));

        await gateway.WriteConfigurationAsync(configuration => configuration["Agents"]!["support"]!["Enabled"] = false);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await StatusAsync(mtls), await StatusAsync(bearer)));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative));
        return response.StatusCode;
    }

    private static async Task<string> StatusAsync(SslStream connection)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes(Request));
        var buffer = new byte[16 << 10];
        var length = 0;
        while (true)
        {
            var read = await connection.ReadAsync(buffer.AsMemory(length));
            Assert.NotEqual(0, read);
            length += read;
            var text = Encoding.Latin1.GetString(buffer, 0, length);
            if (text.EndsWith('}') || text.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
                return text.Split(' ')[1];
        }
    }
}
