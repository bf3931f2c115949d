using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ToolGateway.Host.Dev;

namespace ToolGateway.Tests.Dev;

public sealed class DevCommandsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("toolgateway-dev").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Certs_NewDirectory_WritesUsableFiles()
    {
        var (code, output) = Run("certs", "--out", _directory, "--trust-domain", "acme.test", "--agent", "support", "--agent", "billing", "--format", "json");

        Assert.Equal(0, code);
        Assert.All(JsonNode.Parse(output)!["files"]!.AsArray(), file => Assert.True(File.Exists((string)file!["path"]!)));
        using var svid = X509Certificate2.CreateFromPemFile(In("agent-support.pem"), In("agent-support-key.pem"));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(In("ca.pem"));
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        Assert.True(chain.Build(svid));
        using var server = X509Certificate2.CreateFromPemFile(In("gateway.pem"), In("gateway-key.pem"));
        Assert.True(server.MatchesHostname("localhost"));
        Assert.True(server.MatchesHostname("127.0.0.1"));
        var bundle = JsonNode.Parse(File.ReadAllText(In("bundle.json")))!;
        Assert.Equal(["x509-svid", "jwt-svid"], bundle["keys"]!.AsArray().Select(key => (string)key!["use"]!));
        Assert.Equal(Convert.ToBase64String(authority.RawData), (string)bundle["keys"]![0]!["x5c"]![0]!);
    }

    [Fact]
    public void Certs_ExistingAuthority_IsUsedAgain()
    {
        Run("certs", "--out", _directory);
        var first = File.ReadAllText(In("ca.pem"));

        Run("certs", "--out", _directory, "--agent", "support");

        Assert.Equal(first, File.ReadAllText(In("ca.pem")));
    }

    [Fact]
    public void Certs_AuthorityAboutToExpire_IsReplaced()
    {
        using var old = DevCertificates.Create("acme.test", new EarlierClock(TimeSpan.FromDays(29.5)));
        using var key = old.Authority.GetECDsaPrivateKey()!;
        File.WriteAllText(In("ca.pem"), old.Authority.ExportCertificatePem());
        File.WriteAllText(In("ca-key.pem"), key.ExportPkcs8PrivateKeyPem());

        Assert.Equal(0, Run("certs", "--out", _directory).Code);

        Assert.NotEqual(old.Authority.ExportCertificatePem(), File.ReadAllText(In("ca.pem")));
    }

    [Theory]
    [InlineData("--trust-domain", "Acme.test")]
    [InlineData("--agent", "a/../b")]
    [InlineData("--lifetime", "-01:00:00")]
    public void Certs_BadName_IsRefusedWithRepair(string option, string value)
    {
        var (code, output) = Run("certs", "--out", _directory, option, value);

        Assert.Equal(1, code);
        Assert.Contains(option, output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_directory));
    }

    [Fact]
    public async Task Token_AllOptions_AreInAValidToken()
    {
        Run("certs", "--out", _directory, "--agent", "support");
        var (code, output) = Run(
            "token", "--out", _directory, "--issuer", "https://issuer.acme.test", "--audience", "tool-gateway", "--subject", "alice", "--client-id", "app",
            "--act", "support", "--act", "planner", "--scope", "a b", "--task", "T-1", "--purpose", "refund", "--claim", "roles=[\"x\"]",
            "--cnf-cert", In("agent-support.pem"), "--lifetime", "00:05:00");

        Assert.Equal(0, code);
        var keys = new JsonWebKeySet(await File.ReadAllTextAsync(In("jwks.json")));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(output.Trim(), new TokenValidationParameters
        {
            ValidIssuer = "https://issuer.acme.test",
            ValidAudience = "tool-gateway",
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidTypes = ["at+jwt"],
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        var token = (JsonWebToken)result.SecurityToken;
        Assert.Equal(TimeSpan.FromMinutes(5), token.ValidTo - token.IssuedAt);
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(token.EncodedPayload))!;
        Assert.Equal("""{"sub":"support","act":{"sub":"planner"}}""", payload["act"]!.ToJsonString());
        Assert.Equal("""["x"]""", payload["roles"]!.ToJsonString());
        Assert.Equal(("alice", "app", "T-1", "refund"), ((string)payload["sub"]!, (string)payload["client_id"]!, (string)payload["task"]!, (string)payload["purpose"]!));
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(In("agent-support.pem"));
        Assert.Equal(Base64UrlEncoder.Encode(SHA256.HashData(certificate.RawData)), (string)payload["cnf"]!["x5t#S256"]!);
    }

    [Fact]
    public void Keys_Written_AreReadableByTheOwnerOnly()
    {
        Run("certs", "--out", _directory, "--agent", "support");
        Run("token", "--out", _directory, "--audience", "a", "--subject", "b");

        var keys = Directory.GetFiles(_directory, "*-key.pem");
        Assert.Equal(5, keys.Length);
        if (OperatingSystem.IsWindows())
            return;
        foreach (var key in keys)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    private string In(string name) => Path.Combine(_directory, name);

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        var code = DevCommands.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }

    private sealed class EarlierClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - by;
    }
}
