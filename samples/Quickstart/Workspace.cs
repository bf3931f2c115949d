using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;

namespace ToolGateway.Quickstart;

/// <summary>A scratch directory with fresh credentials, a copy of the shipped policies, and the gateway's configuration.</summary>
internal sealed class Workspace : IDisposable
{
    public const string ToolSecret = "only-the-gateway-knows-this";

    private const string TrustDomain = "acme.test";
    private const string Issuer = "https://issuer.acme.test";

    private readonly DevTokens _tokens = DevTokens.Create();

    public Workspace(string crm)
    {
        using var authority = DevCertificates.Create(TrustDomain);
        AgentCertificate = authority.IssueSvid(authority.AgentId("support"));
        WriteCredentials(authority);
        Copy(Path.Combine(AppContext.BaseDirectory, "policies"), Path.Combine(Directory, "policies"));
        DevFiles.Write(Directory, "appsettings.json", Configuration(crm));
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("toolgateway-quickstart-").FullName;

    public int Port { get; } = FreePort();

    public int ProbesPort { get; } = FreePort();

    public int AdministrationPort { get; } = FreePort();

    public string Url => $"https://localhost:{Port}";

    public X509Certificate2 AgentCertificate { get; }

    public string ConfigurationFile => Path.Combine(Directory, "appsettings.json");

    public string AuditDirectory => Path.Combine(Directory, "audit");

    public string GrantsFile => Path.Combine(Directory, "policies", "toolgateway", "data.json");

    /// <summary>An access token for the agent; its task and purpose are vouched for by the issuer.</summary>
    public string Token(string audience = "tool-gateway") => _tokens.Sign(new DevTokenRequest
    {
        Issuer = Issuer,
        Audiences = [audience],
        Subject = "support",
        ClientId = "support",
        Lifetime = TimeSpan.FromMinutes(55),
        Extra = new JsonObject { ["task"] = "T-1", ["purpose"] = "refund-order" },
    });

    public void Dispose()
    {
        _tokens.Dispose();
        AgentCertificate.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private void WriteCredentials(DevCertificates authority)
    {
        DevFiles.Write(Directory, "ca.pem", authority.Authority.ExportCertificatePem());
        DevFiles.Write(Directory, "bundle.json", authority.BundleJson());
        DevFiles.Write(Directory, "jwks.json", _tokens.JwksJson());
        DevFiles.WriteKey(Directory, "crm-token", ToolSecret);
        DevFiles.WriteKey(Directory, "support.token", Token());
        using var server = authority.IssueServer(["localhost", "127.0.0.1"]);
        WritePair("gateway", server);
        WritePair("support", AgentCertificate);
    }

    private void WritePair(string name, X509Certificate2 certificate)
    {
        DevFiles.Write(Directory, $"{name}.pem", certificate.ExportCertificatePem());
        DevFiles.WriteKey(Directory, $"{name}.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private string Configuration(string crm) => $$"""
        {
          "ToolGateway": {
            "PublicUrl": "{{Url}}",
            "Instance": "quickstart",
            "Listen": { "Address": "https://127.0.0.1:{{Port}}", "CertificatePath": "gateway.pem", "KeyPath": "gateway.key" },
            "Management": { "Probes": "http://127.0.0.1:{{ProbesPort}}", "Address": "http://127.0.0.1:{{AdministrationPort}}" },
            "Identity": {
              "TrustDomains": { "{{TrustDomain}}": { "BundlePath": "bundle.json" } },
              "Issuers": { "acme-idp": { "Issuer": "{{Issuer}}", "Audience": "tool-gateway", "JwksPath": "jwks.json",
                                         "Claims": { "Task": "task", "Purpose": "purpose" } } }
            },
            "Agents": {
              "support": { "Identities": [ "spiffe://{{TrustDomain}}/agent/support", "{{Issuer}}#support" ],
                           "Owner": "team-support@acme.test", "Environment": "prod", "Tenant": "acme" }
            },
            "Tools": {
              "crm": {
                "Upstream": "{{crm}}", "Owner": "team-crm@acme.test", "Environment": "prod", "Tenant": "acme",
                "Destination": "internal", "Data": [ "pii" ], "Risk": "medium", "ServerTiming": true,
                "Credential": { "ValueFile": "crm-token" },
                "Actions": {
                  "customers.read":   { "Method": "GET",  "Path": "/customers/{id}", "Query": { "fields": "many" }, "Risk": "low", "Effect": "read" },
                  "customers.export": { "Method": "GET",  "Path": "/customers", "Risk": "high", "Effect": "export" },
                  "refunds.create":   { "Method": "POST", "Path": "/refunds", "Body": "json", "Risk": "high", "Effect": "write" }
                }
              },
              "files": {
                "Protocol": "mcp", "Upstream": "{{crm}}/mcp", "Owner": "team-files@acme.test", "Environment": "prod", "Tenant": "acme", "Risk": "medium",
                "Credential": { "ValueFile": "crm-token" },
                "Actions": {
                  "list_directory": { "Risk": "low", "Effect": "read" },
                  "read_file":      { "Risk": "low", "Effect": "read" }
                }
              }
            },
            "Decisions": { "Engine": "Embedded", "Embedded": { "PolicyPath": "policies" } },
            "Audit": { "Path": "audit", "CheckpointRecords": 20 }
          }
        }
        """;
}
