using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Telemetry;

/// <summary>When certificates and keys end, as the metrics say it.</summary>
public sealed class ExpiryTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly DateTimeOffset Soon = At(3);
    private static readonly DateTimeOffset Later = At(300);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task CredentialExpiry_OfListenerTrustDomainsAndIssuers_IsTheNextEnd()
    {
        await using var gateway = await GatewayFixture.StartAsync(fixture =>
        {
            DevFiles.Write(fixture.Directory, "b.pem", Authority(At(-1)) + Authority(Later) + Authority(Soon));
            DevFiles.Write(fixture.Directory, "c.pem", Authority(At(-1)) + Authority(At(-2)));
            var domains = fixture.Configuration["Identity"]!["TrustDomains"]!;
            domains["b.test"] = new JsonObject { ["BundlePath"] = "b.pem" };
            domains["c.test"] = new JsonObject { ["BundlePath"] = "c.pem" };
            AddIssuer(fixture, "stated", "JwksPath", Jwks(fixture, "stated", Jwk("1", ("exp", Soon.ToUnixTimeSeconds())), Jwk("2", ("exp", Later.ToUnixTimeSeconds()))));
            AddIssuer(fixture, "certified", "JwksPath", Jwks(fixture, "certified", Jwk("1", ("x5c", new JsonArray(Chain(Later))))));
            AddIssuer(fixture, "silent", "JwksPath", Jwks(fixture, "silent", Jwk("1", ("x5c", new JsonArray("AAAA")), ("exp", "tomorrow"))));
        });

        var ends = (await MetricsAsync(gateway, "toolgateway_credential_expiry_seconds{")).ToDictionary(
            static line => line.Split('{', '}')[1], static line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

        Assert.Equal(
            ["part=\"issuer\",name=\"certified\"", "part=\"issuer\",name=\"stated\"", "part=\"listener\"", "part=\"trust_domain\",name=\"acme.test\"", "part=\"trust_domain\",name=\"b.test\"", "part=\"trust_domain\",name=\"c.test\""],
            ends.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Later.ToUnixTimeSeconds(), ends["part=\"issuer\",name=\"certified\""]);
        Assert.Equal(Soon.ToUnixTimeSeconds(), ends["part=\"issuer\",name=\"stated\""]);
        Assert.Equal(Soon.ToUnixTimeSeconds(), ends["part=\"trust_domain\",name=\"b.test\""]);
        Assert.Equal(At(-1).ToUnixTimeSeconds(), ends["part=\"trust_domain\",name=\"c.test\""]);
        using var listener = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(gateway.Directory, "gateway.pem")));
        Assert.Equal(new DateTimeOffset(listener.NotAfter.ToUniversalTime()).ToUnixTimeSeconds(), ends["part=\"listener\""]);
    }

    [Fact]
    public async Task IssuerKeys_FetchedOrFailing_SaySinceWhen()
    {
        await using var keys = RawUpstream.Start();
        await using var gateway = await GatewayFixture.StartAsync(fixture =>
        {
            AddIssuer(fixture, "well", "JwksUri", keys.Url.ToString());
            AddIssuer(fixture, "gone", "JwksUri", $"http://127.0.0.1:{GatewayFixture.FreePort()}/jwks.json");
            AddIssuer(fixture, "unused", "JwksUri", $"http://127.0.0.1:{GatewayFixture.FreePort()}/jwks.json");
        });
        keys.Respond = (_, stream, cancellation) => stream.WriteAsync(RawUpstream.Answer(gateway.Tokens.JwksJson()), cancellation).AsTask();
        foreach (var issuer in new[] { "well", "gone" })
        {
            using var client = gateway.Client(token: gateway.Token(change: request => request with { Issuer = $"https://{issuer}.test" }));
            using var response = await client.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative));
        }

        Assert.Equal(
            ["toolgateway_identity_keys_failing{issuer=\"gone\"} 1", "toolgateway_identity_keys_failing{issuer=\"well\"} 0"],
            (await MetricsAsync(gateway, "toolgateway_identity_keys_failing{")).Order(StringComparer.Ordinal));
        var fetched = Assert.Single(await MetricsAsync(gateway, "toolgateway_identity_keys_fetched_seconds{"));
        Assert.StartsWith("toolgateway_identity_keys_fetched_seconds{issuer=\"well\"} ", fetched, StringComparison.Ordinal);
        Assert.InRange(double.Parse(fetched.Split(' ')[1], CultureInfo.InvariantCulture), Now.ToUnixTimeSeconds(), Now.ToUnixTimeSeconds() + 300);
    }

    [Fact]
    public async Task CredentialExpiry_OfTheCertificateForOpa_IsShown()
    {
        await using var gateway = await GatewayFixture.StartAsync(static fixture => fixture.Configuration["Decisions"] = JsonNode.Parse($$"""
            { "Engine": "Opa", "Opa": { "Address": "https://127.0.0.1:{{GatewayFixture.FreePort()}}", "ClientCertificatePath": "gateway.pem", "ClientKeyPath": "gateway.key" } }
            """));

        Assert.Single(await MetricsAsync(gateway, "toolgateway_credential_expiry_seconds{part=\"opa\"}"));
    }

    private static DateTimeOffset At(int days) => DateTimeOffset.FromUnixTimeSeconds(Now.ToUnixTimeSeconds() + (days * 86_400));

    private static void AddIssuer(GatewayFixture fixture, string name, string source, string value) =>
        fixture.Configuration["Identity"]!["Issuers"]![name] = new JsonObject { ["Issuer"] = $"https://{name}.test", ["Audience"] = "tool-gateway", [source] = value };

    private static string Jwks(GatewayFixture fixture, string name, params JsonNode[] keys) =>
        DevFiles.Write(fixture.Directory, $"{name}.json", new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString());

    private static async Task<IReadOnlyList<string>> MetricsAsync(GatewayFixture gateway, string name)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{gateway.ProbesPort}/metrics"));
        return [.. text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))];
    }

    private JsonObject Jwk(string id, params (string Name, JsonNode Value)[] members)
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = id,
            ["x"] = System.Buffers.Text.Base64Url.EncodeToString(point.X),
            ["y"] = System.Buffers.Text.Base64Url.EncodeToString(point.Y),
        };
        foreach (var (name, value) in members)
            jwk[name] = value;
        return jwk;
    }

    private string Authority(DateTimeOffset end)
    {
        using var certificate = Certificate(end);
        return certificate.ExportCertificatePem() + "\n";
    }

    private string Chain(DateTimeOffset end)
    {
        using var certificate = Certificate(end);
        return Convert.ToBase64String(certificate.RawData);
    }

    private X509Certificate2 Certificate(DateTimeOffset end)
    {
        var request = new CertificateRequest("CN=an authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(At(-400), end);
    }
}
