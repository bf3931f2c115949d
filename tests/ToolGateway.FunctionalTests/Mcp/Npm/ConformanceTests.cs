using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>The protocol's own conformance scenarios for servers: through the gateway they give what they give without it.</summary>
public sealed partial class ConformanceTests
{
    /// <summary>The reference server answers requests of foreign web pages; the gateway refuses them.</summary>
    private const string Rebinding = "server-dns-rebinding-protection";

    private static readonly Dictionary<string, string> None = [];

    [NpmFact]
    public async Task ServerScenarios_ThroughTheGateway_GiveTheSameResults()
    {
        await using var server = await EverythingServer.StartAsync();
        await using var gateway = await EverythingGateway.StartAsync(server, configure: gateway =>
        {
            // One scenario is for servers on this machine only, which it takes to be without TLS.
            gateway.Configuration["PublicUrl"] = $"http://localhost:{gateway.Port}";
            gateway.Configuration["Listen"] = new JsonObject { ["Address"] = $"http://127.0.0.1:{gateway.Port}" };
        });

        var direct = await RunAsync(None, server.Url);
        var through = await RunAsync(EverythingGateway.Environment(gateway), $"http://localhost:{gateway.Port}/tools/everything");

        Assert.True(direct.Count >= 30, $"only {direct.Count} scenarios ran");
        Assert.Equal(direct.Keys.Order(StringComparer.Ordinal), through.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("FAILURE", through[Rebinding], StringComparison.Ordinal);
        Assert.All(direct.Where(scenario => scenario.Key != Rebinding), scenario => Assert.Equal(scenario.Value, through[scenario.Key]));
    }

    /// <summary>The outcomes of each scenario's checks.</summary>
    private static async Task<Dictionary<string, string>> RunAsync(Dictionary<string, string> environment, string url)
    {
        var results = Directory.CreateTempSubdirectory("toolgateway-conformance-").FullName;
        try
        {
            string[] program = ["node_modules/@modelcontextprotocol/conformance/dist/index.js", "server", "--suite", "all", "--url", url, "--output-dir", results];
            await NodeProgram.RunAsync(environment, environment.Count == 0 ? program : ["--import", "./authorize.mjs", .. program]);
            return Directory.EnumerateDirectories(results).ToDictionary(
                folder => Stamp().Replace(Path.GetFileName(folder), ""), folder => Outcomes(Path.Combine(folder, "checks.json")), StringComparer.Ordinal);
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    private static string Outcomes(string file) => string.Join(
        '\n', JsonNode.Parse(File.ReadAllText(file))!.AsArray().Select(check => $"{check!["id"]}: {check["status"]} {check["errorMessage"]}"));

    [GeneratedRegex("-[0-9]{4}-[0-9]{2}-[0-9]{2}T.*$")]
    private static partial Regex Stamp();
}
