using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Mcp;
using ToolGateway.Host.Dev;
using ToolGateway.Samples;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Samples;

/// <summary>The sample client, with a certificate and with a token.</summary>
public sealed class McpClientTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_ListsCallsAndIsRefused(bool withCertificate)
    {
        await using var server = await SdkServer.StartAsync(withSessions: false);
        await using var gateway = await GatewayFixture.StartAsync(gateway => gateway.Configuration["Tools"]!["files"] = new JsonObject
        {
            ["Protocol"] = "mcp",
            ["Upstream"] = server.Url,
            ["Owner"] = "team-files@acme.test",
            ["Actions"] = new JsonObject { ["read_file"] = new JsonObject { ["Risk"] = "low", ["Effect"] = "read" } },
        });
        var environment = Environment(gateway, withCertificate);
        var address = $"{gateway.PublicUrl}/tools/files";

        var list = await RunAsync(environment, address);
        var read = await RunAsync(environment, address, "read_file", "path=/a");
        var unknown = await RunAsync(environment, address, "delete_file", "path=/a");
        var denied = await RunAsync(environment, address, "list_directory");
        var wrong = await RunAsync(environment);

        Assert.Equal((0, "list_directory: Names of the files\nread_file: Content of a file\n"), (list.Code, string.Concat(list.Output.Split('\n').Order(StringComparer.Ordinal).Skip(1).Select(line => line + "\n"))));
        Assert.Equal((0, "content of /a\n"), read);
        Assert.Equal(1, unknown.Code);
        Assert.Contains("refused (-32602): ", unknown.Output, StringComparison.Ordinal);
        Assert.Equal(1, denied.Code);
        Assert.Contains("refused (403): ", denied.Output, StringComparison.Ordinal);
        Assert.Equal(2, wrong.Code);
    }

    private static Dictionary<string, string> Environment(GatewayFixture gateway, bool withCertificate)
    {
        DevFiles.Write(gateway.Directory, "authority.pem", gateway.Certificates.Authority.ExportCertificatePem());
        var environment = new Dictionary<string, string> { ["AUTHORITY"] = Path.Combine(gateway.Directory, "authority.pem") };
        if (!withCertificate)
        {
            environment["TOKEN"] = gateway.Token();
            return environment;
        }

        using var certificate = gateway.AgentCertificate("support");
        DevFiles.Write(gateway.Directory, "support.pem", certificate.ExportCertificatePem());
        DevFiles.WriteKey(gateway.Directory, "support.key", System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!.ExportPkcs8PrivateKeyPem());
        environment["CERTIFICATE"] = Path.Combine(gateway.Directory, "support.pem");
        environment["KEY"] = Path.Combine(gateway.Directory, "support.key");
        return environment;
    }

    private static async Task<(int Code, string Output)> RunAsync(Dictionary<string, string> environment, params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var code = await FilesAgent.RunAsync(args, output, environment.GetValueOrDefault);
        return (code, output.ToString());
    }
}
