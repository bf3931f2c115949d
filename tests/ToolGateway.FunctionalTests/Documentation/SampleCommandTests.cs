using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Mcp;
using ToolGateway.FunctionalTests.Samples;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>Lines that run samples, as pages and the samples themselves show them.</summary>
public sealed class SampleCommandTests
{
    [Fact]
    public async Task McpClient_AsThePageRunsIt_ListsAndCalls()
    {
        await using var server = await SdkServer.StartAsync(withSessions: false);
        await using var gateway = await GatewayFixture.StartAsync(gateway => gateway.Configuration["Tools"]!["files"] = new JsonObject
        {
            ["Protocol"] = "mcp",
            ["Upstream"] = server.Url,
            ["Owner"] = "team-files@acme.test",
            ["Actions"] = new JsonObject { ["read_file"] = new JsonObject { ["Risk"] = "low", ["Effect"] = "read" } },
        });
        using var svid = gateway.AgentCertificate("support");
        await File.WriteAllTextAsync(Path.Combine(gateway.Directory, "support.pem"), svid.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(gateway.Directory, "support.key"), svid.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(Path.Combine(gateway.Directory, "ca.pem"), gateway.Certificates.Authority.ExportCertificatePem());
        var lines = string.Join('\n', ShellLines.Of(nameof(McpClient_AsThePageRunsIt_ListsAndCalls)));

        var (code, output) = await Shell.RunAsync($"set -e\n{lines.Replace("https://gateway.example.com", gateway.PublicUrl, StringComparison.Ordinal)}", gateway.Directory);

        Assert.True(code == 0, output);
        Assert.Contains("read_file: Content of a file", output, StringComparison.Ordinal);
        Assert.Contains("content of /readme.txt", output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Chown_OfTheSample_GivesTheFilesAway()
    {
        var folder = Directory.CreateTempSubdirectory("toolgateway-chown-").FullName;
        try
        {
            var certificates = Directory.CreateDirectory(Path.Combine(folder, "config/certs")).FullName;
            foreach (var line in ShellLines.Of(nameof(Chown_OfTheSample_GivesTheFilesAway)))
            {
                var (code, output) = await Shell.RunAsync($"sudo() {{ \"$@\"; }}\n{line}\nstat -c %u '{certificates}'", folder);
                Assert.Equal((0, "65532\n"), (code, output));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [ToolFact("kubectl")]
    public async Task Kustomize_AsTheSampleRunsIt_BuildsIt()
    {
        foreach (var line in ShellLines.Of(nameof(Kustomize_AsTheSampleRunsIt_BuildsIt)))
        {
            // There is no cluster that would take it.
            Assert.EndsWith(" | kubectl apply -f -", line, StringComparison.Ordinal);
            var (code, output) = await Shell.RunAsync(line.Split(" | ")[0]);
            Assert.True(code == 0, output);
            Assert.Contains("kind: NetworkPolicy", output, StringComparison.Ordinal);
            Assert.Contains("package toolgateway", output, StringComparison.Ordinal);
        }
    }
}
