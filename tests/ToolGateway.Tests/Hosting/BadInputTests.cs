using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;
using ToolGateway.Hosting;

namespace ToolGateway.Tests.Hosting;

/// <summary>Bad input as an operator makes it, and the whole message: what, where and how to repair it, in words that need no knowledge of .NET.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("toolgateway-input-").FullName;
    private readonly DevCertificates _certificates = DevCertificates.Create("acme.test");

    public BadInputTests()
    {
        using var server = _certificates.IssueServer(["localhost"]);
        Write("gateway.pem", server.ExportCertificatePem());
        Write("gateway.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write("other.key", other.ExportPkcs8PrivateKeyPem());
        Write("bundle.json", _certificates.BundleJson());
        Write("jwks.json", """{ "keys": [] }""");
        Write("policies/x.rego", "package toolgateway\n\ndecision := {\"allow\": false, \"reasons\": [\"no\"]}\n\nvisible := {\"r\"}\n");
    }

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("", ":1:1: not valid JSON: the text is empty")]
    [InlineData("{ \"ToolGateway\": {\n \"Agents\": ", ":2:12: not valid JSON: the text ends before every object and array is closed")]
    [InlineData("{ \"ToolGateway\": { \"Agents\": nothing } }", "is an invalid JSON literal. Expected the literal 'null'")]
    [InlineData("{ }", "ToolGateway: the section is missing; write { \"ToolGateway\": { … } }, as in docs/configuration.md")]
    [InlineData("{ \"Toolgatway\": { } }", "ToolGateway: the section is missing; write { \"ToolGateway\": { … } }, as in docs/configuration.md")]
    public void Configuration_ThatIsNone_SaysWhereAndWhat(string text, string message)
    {
        Write("appsettings.json", text);
        var error = Assert.Single(Read());
        Assert.EndsWith(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tools:crm:Upstrem", "x", "ToolGateway:Tools:crm:Upstrem = 'x': unknown key; did you mean 'Upstream'?")]
    [InlineData("Tools:crm:Risk", "extreme", "ToolGateway:Tools:crm:Risk = 'extreme': write low, medium or high")]
    [InlineData("Tools:crm:Upstream", "127.0.0.1:7001", "ToolGateway:Tools:crm:Upstream = '127.0.0.1:7001': write an address such as http://127.0.0.1:7001/ or https://tool.example/base, without user, query and fragment")]
    [InlineData("Limits:HeadersTimeout", "10s", "ToolGateway:Limits:HeadersTimeout = '10s': write a time span such as 00:00:30 or 1.00:00:00")]
    [InlineData("Agents:support:ExpiresAt", "soon", "ToolGateway:Agents:support:ExpiresAt = 'soon': write a time such as 2027-01-01T00:00:00Z")]
    [InlineData("Listen:KeyPath", "other.key", "ToolGateway:Listen:KeyPath = 'other.key': it is not the key of the first certificate in Listen:CertificatePath; give that certificate's own key")]
    [InlineData("Listen:CertificatePath", "none.pem", "ToolGateway:Listen:CertificatePath = 'none.pem': the file cannot be read (it does not exist); give the path of a readable file")]
    [InlineData("Audit:Path", "jwks.json", "ToolGateway:Audit:Path = 'jwks.json': this is a file; give a directory that only this instance writes to")]
    [InlineData("Identity:TrustDomains:acme.test:BundlePath", "gateway.pem", "ToolGateway:Identity:TrustDomains:acme.test:BundlePath = 'gateway.pem': the certificate 'CN=gateway, O=acme.test' is not a root authority (cA=true, issued by itself); list only those")]
    public void Value_ThatDoesNotFit_IsNamedWithItsRepair(string key, string value, string message)
    {
        WriteConfiguration(configuration =>
        {
            JsonNode node = configuration;
            var parts = key.Split(':');
            foreach (var part in parts[..^1])
                node = node[part] ??= new JsonObject();
            node[parts[^1]] = value;
        });
        Assert.Equal([message], Read());
    }

    [Theory]
    [InlineData("jwks.json", "{ \"keys\": [", "it is not a JWK Set (the text ends before every object and array is closed, line 1, column 12); write {\"keys\": [ … ]}")]
    [InlineData("jwks.json", "{ \"keys\": [ { \"kty\": \"oct\", \"k\": \"AAAA\" } ] }", "no key in it verifies signatures; kty must be RSA or EC, and use absent or sig (\"keys\": [] revokes every key)")]
    [InlineData("jwks.json", "{ \"keys\": [ { \"kty\": \"EC\", \"crv\": \"P-256\" } ] }", "key 0 is not a well-formed RSA or EC key; write kty with n and e, or kty with crv, x and y, in base64url")]
    [InlineData("bundle.json", "{ \"keys\": [ 1 ] }", "it is not a SPIFFE bundle ('keys' holds something else than objects); write a JWK Set with the members keys and spiffe_sequence, or PEM certificates")]
    [InlineData("policies/data.json", "{ \"a\": 1, }", "policies/data.json:1:11: not JSON: The JSON object contains a trailing comma at the end")]
    [InlineData("policies/data.yaml", "a: [1\nb: 2\n", "policies/data.yaml:3: not YAML: yaml: line 3: did not find expected ',' or ']'")]
    [InlineData("policies/data.json", "{ \"toolgateway\": { \"decision\": 1 } }", "policies/x.rego:3:1: rego_type_error: conflicting rule for data path toolgateway/decision; remove this rule, or the data at its place")]
    [InlineData("policies/data.json", "{ \"toolgateway\": 1 }", "rego_type_error: conflicting rule for data path toolgateway/decision; remove this rule, or the data at its place")]
    [InlineData("policies/x.rego", "package toolgateway\n\ndecision := {\"allow\" true}\n", "policies/x.rego:3:22: rego_parse_error: unexpected true keyword: non-terminated set")]
    public void File_ThatIsBroken_IsNamedWithItsPlace(string file, string content, string message)
    {
        Write(file, content);
        WriteConfiguration(_ => { });
        Assert.Contains(Read(), error => error.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Data_BesideRules_IsNoConflict()
    {
        Write("policies/data.json", """{ "toolgateway": { "grants": { "decision": 1 } }, "decision": 1 }""");
        WriteConfiguration(_ => { });
        Assert.Empty(Read());
    }

    private IReadOnlyList<string> Read() => GatewayConfiguration.Read(Path.Combine(_directory, "appsettings.json")).Errors;

    private void Write(string file, string text)
    {
        var path = Path.Combine(_directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void WriteConfiguration(Action<JsonObject> change)
    {
        var configuration = JsonNode.Parse("""
            {
              "PublicUrl": "https://localhost:8443",
              "Listen": { "Address": "https://127.0.0.1:8443", "CertificatePath": "gateway.pem", "KeyPath": "gateway.key" },
              "Identity": {
                "TrustDomains": { "acme.test": { "BundlePath": "bundle.json" } },
                "Issuers": { "idp": { "Issuer": "https://issuer.acme.test", "Audience": "tool-gateway", "JwksPath": "jwks.json" } }
              },
              "Agents": { "support": { "Identities": [ "spiffe://acme.test/agent/support" ], "Owner": "team@acme.test" } },
              "Tools": { "crm": { "Upstream": "http://127.0.0.1:7001/", "Owner": "team@acme.test", "Risk": "medium",
                                  "Actions": { "r": { "Method": "GET", "Path": "/c/{id}", "Risk": "low", "Effect": "read" } } } },
              "Decisions": { "Engine": "Embedded", "Embedded": { "PolicyPath": "policies" } },
              "Audit": { "Path": "audit" }
            }
            """)!.AsObject();
        change(configuration);
        Write("appsettings.json", new JsonObject { ["ToolGateway"] = configuration }.ToJsonString());
    }
}
