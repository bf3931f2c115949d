using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>The protocol's own conformance scenarios for servers: through the gateway they give what they give without it.</summary>
public sealed partial class ConformanceTests
{
    /// <summary>The reference server answers requests of foreign web pages; the gateway refuses them.</summary>
    private const string Rebinding = "dns-rebinding-protection";

    private static readonly Dictionary<string, string> None = [];
    private static readonly Suite Sessions = new(OnNewNode: false, "node_modules/@modelcontextprotocol/conformance/dist/index.js", "--suite", "all");
    private static readonly Suite Newest = new(OnNewNode: true, "node_modules/conformance-2026/dist/index.js", "--requirements", "2026-07-28");

    [NpmFact]
    public async Task ServerScenarios_WithSessions_GiveTheSameResultsThroughTheGateway()
    {
        await using var server = await NodeServer.StartEverythingAsync();
        await AssertSameAsync(server, Sessions);
    }

    [NewNpmFact]
    public async Task ServerScenarios_OfTheNewestRevision_GiveTheSameResultsThroughTheGateway()
    {
        await using var server = await NodeServer.StartModernAsync();
        await AssertSameAsync(server, Newest);
    }

    private static async Task AssertSameAsync(NodeServer server, Suite suite)
    {
        await using var gateway = await EverythingGateway.StartAsync(server, configure: gateway =>
        {
            // One scenario is for servers on this machine only, which it takes to be without TLS.
            gateway.Configuration["PublicUrl"] = $"http://localhost:{gateway.Port}";
            gateway.Configuration["Listen"] = new JsonObject { ["Address"] = $"http://127.0.0.1:{gateway.Port}" };
        });

        var direct = await RunAsync(suite, None, server.Url);
        var through = await RunAsync(suite, EverythingGateway.Environment(gateway), $"http://localhost:{gateway.Port}/tools/everything");

        Assert.True(direct.Count >= 30, $"only {direct.Count} scenarios ran");
        Assert.Equal(direct.Keys.Order(StringComparer.Ordinal), through.Keys.Order(StringComparer.Ordinal));
        var rebinding = direct.Keys.Single(scenario => scenario.EndsWith(Rebinding, StringComparison.Ordinal));
        Assert.DoesNotContain("FAILURE", through[rebinding], StringComparison.Ordinal);
        Assert.Empty(direct.Where(scenario => scenario.Key != rebinding).SelectMany(scenario => Lost(scenario.Key, scenario.Value, through[scenario.Key])));
    }

    /// <summary>Checks that do not end through the gateway as without it. What fails without it may fail differently.</summary>
    private static IEnumerable<string> Lost(string scenario, string direct, string through) =>
        through.Split('\n').Except(direct.Split('\n')).Where(check => !direct.Contains($"{check.Split(' ')[0]} FAILURE", StringComparison.Ordinal)).Select(check => $"{scenario} {check}");

    /// <summary>The outcomes of each scenario's checks.</summary>
    private static async Task<Dictionary<string, string>> RunAsync(Suite suite, Dictionary<string, string> environment, string url)
    {
        var results = Directory.CreateTempSubdirectory("toolgateway-conformance-").FullName;
        try
        {
            string[] program = [suite.Program, "server", .. suite.Selection, "--url", url, "--output-dir", results];
            await NodeProgram.RunAsync(suite.OnNewNode, environment, environment.Count == 0 ? program : ["--import", "./authorize.mjs", .. program]);
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

    private sealed record Suite(bool OnNewNode, string Program, params string[] Selection);

    [GeneratedRegex("-[0-9]{4}-[0-9]{2}-[0-9]{2}T.*$")]
    private static partial Regex Stamp();
}
