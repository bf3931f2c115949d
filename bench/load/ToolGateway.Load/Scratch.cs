using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;

namespace ToolGateway.Load;

/// <summary>Fresh credentials, policies and a configuration for the gateway of a run.</summary>
internal sealed class Scratch : IDisposable
{
    private const string TrustDomain = "load.test";
    private const string Issuer = "https://issuer.load.test";

    public Scratch(string repository, int toolPort)
    {
        using var authority = DevCertificates.Create(TrustDomain);
        using var tokens = DevTokens.Create();
        AgentCertificate = authority.IssueSvid(authority.AgentId("load"));
        Token = tokens.Sign(new DevTokenRequest
        {
            Issuer = Issuer,
            Audiences = ["load"],
            Subject = "load",
            ClientId = "load",
            Lifetime = TimeSpan.FromMinutes(59),
        });
        DevFiles.Write(Directory, "bundle.json", authority.BundleJson());
        DevFiles.Write(Directory, "jwks.json", tokens.JwksJson());
        using var server = authority.IssueServer(["localhost", "127.0.0.1"]);
        DevFiles.Write(Directory, "gateway.pem", server.ExportCertificatePem());
        DevFiles.WriteKey(Directory, "gateway.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        WritePolicies(repository);
        DevFiles.Write(Directory, "plain.json", Configuration("plain", $"http://127.0.0.1:{GatewayPort}", ProbesPort, toolPort));
        DevFiles.Write(Directory, "tls.json", Configuration("tls", $"https://127.0.0.1:{TlsGatewayPort}", TlsProbesPort, toolPort));
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("toolgateway-load-").FullName;

    public X509Certificate2 AgentCertificate { get; }

    public string Token { get; }

    public int GatewayPort { get; } = FreePort();

    public int ProbesPort { get; } = FreePort();

    public int TlsGatewayPort { get; } = FreePort();

    public int TlsProbesPort { get; } = FreePort();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        AgentCertificate.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>The shipped policies, with grants for the agent of the run.</summary>
    private void WritePolicies(string repository)
    {
        var source = Path.Combine(repository, "policies");
        foreach (var file in System.IO.Directory.EnumerateFiles(source, "*.rego", SearchOption.AllDirectories))
            Copy(file, Path.Combine(Directory, "policies", Path.GetRelativePath(source, file)));
        var data = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "toolgateway", "data.json")))!;
        data["grants"]!["load"] = JsonNode.Parse("""
            { "crm": { "customers.read": {}, "customers.cached": { "cache_seconds": 60 }, "refunds.create": {} }, "files": { "read_file": {} } }
            """);
        DevFiles.Write(Path.Combine(Directory, "policies", "toolgateway"), "data.json", data.ToJsonString());
    }

    private static void Copy(string from, string to)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    private static string Configuration(string name, string listen, int probes, int toolPort) => $$"""
        {
          "ToolGateway": {
            "PublicUrl": "https://localhost",
            "Listen": { "Address": "{{listen}}", "CertificatePath": "gateway.pem", "KeyPath": "gateway.key" },
            "Management": { "Probes": "http://127.0.0.1:{{probes}}", "Address": "" },
            "Identity": {
              "TrustDomains": { "{{TrustDomain}}": { "BundlePath": "bundle.json" } },
              "Issuers": { "idp": { "Issuer": "{{Issuer}}", "Audience": "load", "JwksPath": "jwks.json" } }
            },
            "Agents": { "load": { "Identities": [ "spiffe://{{TrustDomain}}/agent/load", "{{Issuer}}#load" ], "Owner": "load@load.test" } },
            "Tools": {
              "crm": {
                "Upstream": "http://127.0.0.1:{{toolPort}}/", "Owner": "crm@load.test", "Risk": "low",
                "Actions": {
                  "customers.read": { "Method": "GET", "Path": "/customers/{id}", "Risk": "low", "Effect": "read" },
                  "customers.cached": { "Method": "GET", "Path": "/cached/{id}", "Risk": "low", "Effect": "read" },
                  "refunds.create": { "Method": "POST", "Path": "/refunds", "Body": "json", "Risk": "low", "Effect": "write" }
                }
              },
              "files": { "Protocol": "mcp", "Upstream": "http://127.0.0.1:{{toolPort}}/mcp", "Owner": "files@load.test", "Risk": "low",
                         "Actions": { "read_file": { "Risk": "low", "Effect": "read" } } }
            },
            "Decisions": { "Engine": "Embedded", "Embedded": { "PolicyPath": "policies" } },
            "Limits": { "PerSource": { "PerSecond": 1000000, "Concurrent": 100000 }, "PerCaller": { "PerSecond": 1000000, "Concurrent": 100000 },
                        "PerTool": { "PerSecond": 1000000, "Concurrent": 100000 } },
            "Audit": { "Path": "audit-{{name}}" }
          }
        }
        """;
}
