using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Identity;

namespace ToolGateway.Host.Dev;

/// <summary><c>toolgateway dev certs</c>.</summary>
internal static class DevCertsCommand
{
    private static readonly Option<string> Out = new("--out") { Description = "Directory for the files", DefaultValueFactory = _ => "certs" };

    private static readonly Option<string> TrustDomain = new("--trust-domain") { Description = "SPIFFE trust domain", DefaultValueFactory = _ => "acme.test" };

    private static readonly Option<string[]> Agents = new("--agent")
    {
        Description = "Name of an agent that gets an SVID, spiffe://<trust domain>/agent/<name>; repeatable",
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string[]> Hosts = new("--host")
    {
        Description = "DNS name or IP address of the gateway; repeatable",
        DefaultValueFactory = _ => ["localhost", "127.0.0.1", "::1"],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<TimeSpan> Lifetime = DevCommands.Lifetime("How long the agents' certificates are valid", TimeSpan.FromHours(12));

    private static readonly Option<string> Format = DevCommands.Format();

    public static Command Create()
    {
        var command = new Command("certs", "Makes a CA, its SPIFFE bundle, the gateway's certificate and agents' SVIDs. A CA in the directory that is good for another day is used again.")
        {
            Out, TrustDomain, Agents, Hosts, Lifetime, Format,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var (domain, error) = (arguments.GetRequiredValue(TrustDomain), arguments.InvocationConfiguration.Error);
        if (!SpiffeId.IsTrustDomain(domain))
        {
            error.WriteLine($"--trust-domain '{domain}' is not a SPIFFE trust domain; use lower-case letters, digits, dots, dashes and underscores.");
            return 1;
        }

        var agents = arguments.GetRequiredValue(Agents);
        if (Array.Find(agents, agent => !SpiffeId.TryParse($"spiffe://{domain}/agent/{agent}", out _)) is { } bad)
        {
            error.WriteLine($"--agent '{bad}' is not a SPIFFE path segment; use letters, digits, dots, dashes and underscores.");
            return 1;
        }

        try
        {
            Print(arguments, WriteFiles(arguments, domain, agents));
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            error.WriteLine($"dev certs: {e.Message}");
            return 1;
        }
    }

    private static List<(string What, string Path)> WriteFiles(ParseResult arguments, string domain, string[] agents)
    {
        var directory = arguments.GetRequiredValue(Out);
        using var certificates = LoadOrCreate(directory, domain);
        using var svidSigner = DevTokenCommand.LoadOrCreateKey(Path.Combine(directory, "jwt-svid-key.pem"));
        using var server = certificates.IssueServer(arguments.GetRequiredValue(Hosts));
        var files = new List<(string, string)>
        {
            ("CA", DevFiles.Write(directory, "ca.pem", certificates.Authority.ExportCertificatePem())),
            ("CA key", DevFiles.WriteKey(directory, "ca-key.pem", KeyPem(certificates.Authority))),
            ("SPIFFE bundle", DevFiles.Write(directory, "bundle.json", certificates.BundleJson(Sequence(), svidSigner))),
            ("JWT-SVID key", DevFiles.WriteKey(directory, "jwt-svid-key.pem", svidSigner.KeyPem())),
            ("gateway", DevFiles.Write(directory, "gateway.pem", server.ExportCertificatePem())),
            ("gateway key", DevFiles.WriteKey(directory, "gateway-key.pem", KeyPem(server))),
        };
        foreach (var agent in agents)
        {
            using var svid = certificates.IssueSvid(certificates.AgentId(agent), arguments.GetValue(Lifetime));
            files.Add((certificates.AgentId(agent), DevFiles.Write(directory, $"agent-{agent}.pem", svid.ExportCertificatePem())));
            files.Add(($"{certificates.AgentId(agent)} key", DevFiles.WriteKey(directory, $"agent-{agent}-key.pem", KeyPem(svid))));
        }

        return files;
    }

    private static DevCertificates LoadOrCreate(string directory, string domain)
    {
        var (certificate, key) = (Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca-key.pem"));
        if (!File.Exists(certificate) || !File.Exists(key))
            return DevCertificates.Create(domain);
        var known = DevCertificates.Load(domain, File.ReadAllText(certificate), File.ReadAllText(key));
        if (known.Authority.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1))
            return known;
        known.Dispose();
        return DevCertificates.Create(domain);
    }

    /// <summary>A number that never goes back from one run to the next.</summary>
    private static long Sequence() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static void Print(ParseResult arguments, List<(string What, string Path)> files)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(Format) == "json")
        {
            var items = files.Select(JsonNode (file) => new JsonObject { ["what"] = file.What, ["path"] = Path.GetFullPath(file.Path) });
            output.WriteLine(new JsonObject { ["files"] = new JsonArray([.. items]) }.ToJsonString(DevFiles.Indented));
            return;
        }

        var width = files.Max(file => file.What.Length);
        foreach (var (what, path) in files)
            output.WriteLine($"{what.PadRight(width)}  {path}");
    }
}
