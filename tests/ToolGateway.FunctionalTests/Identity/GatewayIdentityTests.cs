using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Identity;

/// <summary>Credentials on real TLS connections to the whole gateway: what is refused is told why, recorded, and never reaches the tool.</summary>
public sealed class GatewayIdentityTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static readonly Uri Customer = new("/tools/crm/customers/42", UriKind.Relative);

    private GatewayFixture Gateway => shared.Gateway;

    [Theory]
    [InlineData(true, false, "mtls")]
    [InlineData(false, true, "jwt")]
    [InlineData(true, true, "mtls+jwt")]
    public async Task Call_GoodCredential_ReachesTheToolWithoutIt(bool withCertificate, bool withToken, string method)
    {
        using var certificate = Gateway.AgentCertificate("support");
        using var client = Gateway.Client(withCertificate ? certificate : null, withToken ? Gateway.Token() : null);

        using var response = await client.GetAsync(Customer);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Bearer the-tools-own-secret", Gateway.Upstream.Requests.Last().Header("Authorization"));
        var record = await RecordAsync(response);
        Assert.Equal((method, "support"), ((string)record["credential"]!["method"]!, (string)record["subject"]!["name"]!));
    }

    [Theory]
    [InlineData("none", "credential_missing", false)]
    [InlineData("not a token", "token_invalid", true)]
    [InlineData("no signature", "token_invalid", true)]
    [InlineData("another issuer's key", "token_invalid", true)]
    [InlineData("wrong audience", "token_audience", true)]
    [InlineData("expired", "token_expired", true)]
    [InlineData("too long a life", "token_invalid", true)]
    [InlineData("JWT type", "token_invalid", true)]
    [InlineData("bound to a certificate", "token_unbound", true)]
    public async Task Call_BadToken_Is401AndRecorded(string what, string reason, bool hasError)
    {
        using var client = Gateway.Client(token: Token(what));
        await RefusedAsync(client, reason, hasError);
    }

    [Theory]
    [InlineData("signed by itself")]
    [InlineData("another authority's")]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("two names")]
    [InlineData("no name")]
    [InlineData("another domain's name")]
    public async Task Call_BadCertificate_ConnectsAndIs401AndRecordedEvenWithAGoodToken(string what)
    {
        using var certificate = Certificate(what);
        using var client = Gateway.Client(certificate, Gateway.Token());
        await RefusedAsync(client, "certificate_invalid", hasError: false);
    }

    [Fact]
    public async Task Call_TokenOfAnotherAgentThanTheCertificates_Is401()
    {
        using var certificate = Gateway.AgentCertificate("support");
        using var client = Gateway.Client(certificate, Gateway.Token("reporting"));
        await RefusedAsync(client, "identity_mismatch", hasError: true);
    }

    [Fact]
    public async Task Call_CertificateUnderAnIntermediate_IsVerifiedWithWhatTheClientSent()
    {
        using var intermediate = SharedGateway.Intermediate(Gateway.Certificates);
        using var certificate = SharedGateway.Issue(intermediate, ["spiffe://acme.test/agent/support"], end: TimeSpan.FromMinutes(30));

        Assert.Equal(HttpStatusCode.OK, await shared.StatusAsync(certificate, [intermediate]));
        Assert.Equal(HttpStatusCode.Unauthorized, await shared.StatusAsync(certificate, []));
    }

    [Theory]
    [InlineData("Tls12")]
    [InlineData("Tls13")]
    public async Task Call_SeveralConnectionsOfOneClient_SendTheWholeChainEachTime(string protocol)
    {
        using var intermediate = SharedGateway.Intermediate(Gateway.Certificates);
        using var certificate = SharedGateway.Issue(intermediate, ["spiffe://acme.test/agent/support"], end: TimeSpan.FromMinutes(30));
        var options = SharedGateway.ClientTls(certificate, [intermediate]);
        options.EnabledSslProtocols = Enum.Parse<SslProtocols>(protocol);
        for (var i = 0; i < 4; i++)
        {
            // A resumed session would have the certificate without its intermediate.
            using var client = new HttpClient(new SocketsHttpHandler { SslOptions = options });
            using var response = await client.GetAsync(new Uri($"{Gateway.PublicUrl}/tools/crm/customers/42"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Call_ManyConnectionsAtOnce_NeverShareACertificate(string version)
    {
        using var known = Gateway.AgentCertificate("support");
        using var unknown = Gateway.AgentCertificate("stranger");
        var statuses = await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            using var client = Gateway.Client((i % 3) switch { 0 => known, 1 => unknown, _ => null });
            client.DefaultRequestVersion = Version.Parse(version);
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            using var first = await client.GetAsync(Customer);
            using var second = await client.GetAsync(Customer);
            Assert.Equal(first.StatusCode, second.StatusCode);
            return first.StatusCode;
        }));

        Assert.All(statuses.Where((_, i) => i % 3 == 0), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(statuses.Where((_, i) => i % 3 == 1), status => Assert.Equal(HttpStatusCode.Forbidden, status));
        Assert.All(statuses.Where((_, i) => i % 3 == 2), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
    }

    [Theory]
    [InlineData("GET /tools/crm/customers/42?access_token={token} HTTP/1.1\r\nHost: x\r\n", "credential_in_query")]
    [InlineData("GET /tools/crm/customers/42?fields=a&ACCESS_TOKEN=x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n", "credential_in_query")]
    [InlineData("GET /tools/crm/customers/42 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\n", "token_invalid")]
    public async Task Call_CredentialInAWrongPlace_Is400AndItsTextIsNowhere(string request, string reason)
    {
        var (count, token) = (Gateway.Upstream.Requests.Count, Gateway.Token());

        var answer = await Gateway.SendRawAsync($"{request.Replace("{token}", token, StringComparison.Ordinal)}Connection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(reason, answer, StringComparison.Ordinal);
        Assert.Equal(count, Gateway.Upstream.Requests.Count);
        var id = answer.Split("Tool-Decision-Id: ")[1].Split("\r\n")[0];
        Assert.Equal(reason, (string)(await AuditRecords.FindAsync(Gateway, id))["reasons"]![0]!);
        Assert.DoesNotContain(token[^40..], AuditRecords.Text(Gateway), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic c3VwcG9ydDp4")]
    [InlineData("DPoP x")]
    [InlineData("Bearer")]
    public async Task Call_AnotherScheme_Is401(string header)
    {
        using var client = Gateway.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        await RefusedAsync(client, "token_invalid", hasError: true);
    }

    [Fact]
    public async Task Challenge_LeadsToTheMetadataOfTheTool()
    {
        using var client = Gateway.Client();
        using var refused = await client.GetAsync(Customer);
        var challenge = refused.Headers.WwwAuthenticate.Single();
        Assert.Equal("Bearer", challenge.Scheme);

        var address = new Uri(challenge.Parameter!.Split('"')[1]);
        Assert.Equal($"{Gateway.PublicUrl}/.well-known/oauth-protected-resource/tools/crm", address.AbsoluteUri);
        var document = JsonNode.Parse(await client.GetStringAsync(address))!;
        Assert.Equal($"{Gateway.PublicUrl}/tools/crm", (string)document["resource"]!);
        Assert.Equal(GatewayFixture.Issuer, (string)document["authorization_servers"]![0]!);
    }

    private async Task RefusedAsync(HttpClient client, string reason, bool hasError)
    {
        var count = Gateway.Upstream.Requests.Count;

        using var response = await client.GetAsync(Customer);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(count, Gateway.Upstream.Requests.Count);
        Assert.Equal(reason, (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["reasons"]![0]!);
        Assert.Equal(hasError, response.Headers.WwwAuthenticate.Single().Parameter!.Contains("error=\"invalid_token\"", StringComparison.Ordinal));
        Assert.Equal(reason, (string)(await RecordAsync(response))["reasons"]![0]!);
    }

    private string? Token(string what)
    {
        using var evil = DevTokens.Create();
        var request = new DevTokenRequest { Issuer = GatewayFixture.Issuer, Audiences = ["tool-gateway"], Subject = "support", ClientId = "support" };
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var certificate = Gateway.AgentCertificate("support");
        return what switch
        {
            "none" => null,
            "not a token" => "x",
            "no signature" => $"eyJhbGciOiJub25lIn0.{Gateway.Token().Split('.')[1]}.",
            "another issuer's key" => evil.Sign(request),
            "wrong audience" => Gateway.Tokens.Sign(request with { Audiences = ["another"] }),
            "expired" => Gateway.Tokens.Sign(request with { Extra = new JsonObject { ["iat"] = now - 60, ["exp"] = now - 1 } }),
            "too long a life" => Gateway.Tokens.Sign(request with { Lifetime = TimeSpan.FromHours(2) }),
            "JWT type" => Gateway.Tokens.Sign(request with { TokenType = "JWT" }),
            "bound to a certificate" => Gateway.Tokens.Sign(request with { BoundTo = certificate }),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private X509Certificate2 Certificate(string what)
    {
        const string Support = "spiffe://acme.test/agent/support";
        var authority = Gateway.Certificates.Authority;
        using var other = DevCertificates.Create(GatewayFixture.TrustDomain);
        return what switch
        {
            "signed by itself" => SharedGateway.Issue(null, [Support]),
            "another authority's" => SharedGateway.Issue(other.Authority, [Support]),
            "expired" => SharedGateway.Issue(authority, [Support], start: TimeSpan.FromMinutes(-4), end: TimeSpan.FromSeconds(-1)),
            "not yet valid" => SharedGateway.Issue(authority, [Support], start: TimeSpan.FromMinutes(5)),
            "two names" => SharedGateway.Issue(authority, [Support, "spiffe://acme.test/agent/reporting"]),
            "no name" => SharedGateway.Issue(authority, []),
            "another domain's name" => SharedGateway.Issue(authority, ["spiffe://other.test/agent/support"]),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private Task<JsonNode> RecordAsync(HttpResponseMessage response) =>
        AuditRecords.FindAsync(Gateway, response.Headers.GetValues("Tool-Decision-Id").Single());
}
