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
    public const string Issuer = "https://issuer.load.test";

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

    /// <summary>A configuration like the plain one with as many agents, grants, rules or tools more; its path.</summary>
    public string Grow(string dimension, int size)
    {
        var name = $"{dimension}-{size}";
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, "plain.json")))!;
        var gateway = configuration["ToolGateway"]!;
        gateway["Audit"]!["Path"] = $"audit-{name}";
        gateway["Decisions"]!["Embedded"]!["PolicyPath"] = $"policies-{name}";
        Copy(Path.Combine(Directory, "policies"), Path.Combine(Directory, $"policies-{name}"), _ => true);
        var policy = Path.Combine(Directory, $"policies-{name}", "toolgateway");
        var numbers = Enumerable.Range(0, size);
        switch (dimension)
        {
            case "agents":
                foreach (var i in numbers)
                    gateway["Agents"]![$"agent-{i}"] = JsonNode.Parse($$"""{ "Identities": [ "spiffe://{{TrustDomain}}/agent/a{{i}}" ], "Owner": "a@load.test" }""");
                break;
            case "tools":
                foreach (var i in numbers)
                    gateway["Tools"]![$"tool-{i}"] = JsonNode.Parse("""{ "Upstream": "http://127.0.0.1:9/", "Owner": "t@load.test", "Actions": { "a": { "Method": "GET", "Path": "/a" } } }""");
                break;
            case "grants":
                var data = JsonNode.Parse(File.ReadAllText(Path.Combine(policy, "data.json")))!;
                foreach (var i in numbers)
                    data["grants"]![$"agent-{i}"] = JsonNode.Parse("""{ "crm": { "customers.read": {} } }""");
                File.WriteAllText(Path.Combine(policy, "data.json"), data.ToJsonString());
                break;
            default:
                foreach (var chunk in numbers.Chunk(10_000))
                {
                    File.WriteAllText(
                        Path.Combine(policy, $"more{chunk[0]}.rego"),
                        "package toolgateway\n\n" + string.Concat(chunk.Select(i => $"reasons contains \"frozen\" if input.action.name == \"frozen.{i}\"\n\n")));
                }

                break;
        }

        DevFiles.Write(Directory, $"{name}.json", configuration.ToJsonString());
        return Path.Combine(Directory, $"{name}.json");
    }

    /// <summary>The shipped policies, with grants for the agent of the run.</summary>
    private void WritePolicies(string repository)
    {
        var source = Path.Combine(repository, "policies");
        Copy(source, Path.Combine(Directory, "policies"), file => file.EndsWith(".rego", StringComparison.Ordinal));
        var data = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "toolgateway", "data.json")))!;
        data["grants"]!["load"] = JsonNode.Parse("""
            { "crm": { "customers.read": {}, "customers.cached": { "cache_seconds": 60 }, "refunds.create": {} }, "files": { "read_file": {} } }
            """);
        DevFiles.Write(Path.Combine(Directory, "policies", "toolgateway"), "data.json", data.ToJsonString());
    }

    private static void Copy(string from, string to, Func<string, bool> isWanted)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(isWanted))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
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
            "Decisions": { "Engine": "Embedded", "Embedded": { "PolicyPath": "policies", "Timeout": "00:00:05" } },
            "Limits": { "PerSource": { "PerSecond": 1000000, "Concurrent": 100000 }, "PerCaller": { "PerSecond": 1000000, "Concurrent": 100000 },
                        "PerTool": { "PerSecond": 1000000, "Concurrent": 100000 } },
            "Audit": { "Path": "audit-{{name}}", "Timeout": "00:00:10" }
          }
        }
        """;
}
