using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ToolGateway.Testing;
using YamlDotNet.RepresentationModel;

namespace ToolGateway.FunctionalTests.Samples;

/// <summary>The dashboard and the alerts against what a gateway really shows.</summary>
public sealed partial class MonitoringTests
{
    private static string Rules => Repository.Path("samples/monitoring/rules.yml");

    [ToolFact("promtool")]
    public async Task Rules_PromtoolCheck_IsContent()
    {
        var (code, output) = await Tool.RunAsync("", "promtool", "check", "rules", Rules);

        Assert.True(code == 0, output);
    }

    [ToolFact("promtool")]
    public async Task Rules_PromtoolTest_AlertsFireWhenTheyShould()
    {
        var (code, output) = await Tool.RunAsync("", "promtool", "test", "rules", Repository.Path("samples/monitoring/rules_test.yml"));

        Assert.True(code == 0, output);
    }

    [Fact]
    public void Rules_EveryAlert_HasATestInWhichItFires()
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Repository.Path("samples/monitoring/rules_test.yml"));
        yaml.Load(reader);
        var fired = ((YamlSequenceNode)yaml.Documents[0].RootNode["tests"]).SelectMany(static test => (YamlSequenceNode)test["alert_rule_test"]).Cast<YamlMappingNode>()
            .Where(static test => test.Children.ContainsKey("exp_alerts")).Select(static test => test["alertname"].ToString());

        Assert.Equal(
            RuleNodes().Where(static rule => rule.Children.ContainsKey("alert")).Select(static rule => rule["alert"].ToString()).Order(StringComparer.Ordinal),
            fired.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [ToolFact("promtool")]
    public async Task Scrape_PromtoolLint_IsContent()
    {
        await using var gateway = await CalledAsync();

        var (code, output) = await Tool.RunAsync(await ScrapeAsync(gateway), "promtool", "check", "metrics");

        // The lint's advice (3) concerns the runtime's own names as well; only what cannot be read is a fault (1).
        Assert.True(code is 0 or 3, output);
        Assert.DoesNotContain("toolgateway_", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OfDashboardAndRules_Exist()
    {
        await using var embedded = await CalledAsync();
        await using var sidecar = await GatewayFixture.StartAsync(static fixture => fixture.Configuration["Decisions"] =
            System.Text.Json.Nodes.JsonNode.Parse($$"""{ "Engine": "Opa", "Opa": { "Address": "http://127.0.0.1:{{GatewayFixture.FreePort()}}" } }"""));
        var shown = (await ScrapeAsync(embedded) + await ScrapeAsync(sidecar)).Split('\n')
            .Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static line => line.Split(' ')).ToLookup(static words => words[2], static words => words[3]);

        var named = Expressions().SelectMany(static expression => MetricName().Matches(expression)).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);

        Assert.True(named.Count >= 12, "the expressions were not found");
        Assert.All(named, name => Assert.True(
            shown.Contains(name) || shown[Suffix().Replace(name, "")].Contains("histogram"),
            $"{name} is on no gateway; there are {string.Join(", ", shown.Select(static entry => entry.Key).Where(static key => key.StartsWith("toolgateway", StringComparison.Ordinal)))}"));
    }

    [Fact]
    public void Alerts_EachHasItsPage()
    {
        var pages = Directory.EnumerateFiles(Repository.Path("docs/runbook"), "*.md").Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.Ordinal);
        var index = File.ReadAllText(Repository.Path("docs/runbook.md"));
        var alerts = RuleNodes().Where(static rule => rule.Children.ContainsKey("alert")).ToArray();

        Assert.NotEmpty(alerts);
        foreach (var alert in alerts)
        {
            var name = alert["alert"].ToString();
            Assert.Equal($"docs/runbook/{name}.md", alert["annotations"]["runbook"].ToString());
            Assert.True(pages.Remove(name), $"{name} has no page");
            var page = File.ReadAllText(Repository.Path($"docs/runbook/{name}.md"));
            Assert.All(new[] { "**Meaning.**", "**First look.**", "**Repair.**" }, part => Assert.Contains(part, page, StringComparison.Ordinal));
            Assert.Contains($"(runbook/{name}.md)", index, StringComparison.Ordinal);
        }

        Assert.Empty(pages);
    }

    [ToolFact("prometheus")]
    public async Task Prometheus_ScrapesTheGateway_AndAnswersTheDashboard()
    {
        await using var gateway = await CalledAsync();
        var folder = Directory.CreateTempSubdirectory("toolgateway-prometheus-").FullName;
        var port = GatewayFixture.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
            global: { scrape_interval: 250ms, scrape_timeout: 200ms }
            rule_files: ["{{Rules}}"]
            scrape_configs:
              - { job_name: toolgateway, static_configs: [{ targets: ["127.0.0.1:{{gateway.ProbesPort}}"] }] }
            """);
        using var prometheus = Tool.Start(
            "prometheus", $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            var value = await QueryAsync(client, "sum(toolgateway_decisions_total{outcome=\"allow\",tool=\"crm\",action=\"customers.read\"})");
            Assert.Equal(1, value);
            Assert.Equal(1, await QueryAsync(client, "up{job=\"toolgateway\"}"));
            Assert.InRange(await QueryAsync(client, "toolgateway_credential_expiry_seconds - time()"), 60, 1e9);
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> QueryAsync(HttpClient client, string expression)
    {
        for (var deadline = Environment.TickCount64 + 30_000; Environment.TickCount64 < deadline; await Task.Delay(100))
        {
            try
            {
                using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative)));
                var series = answer.RootElement.GetProperty("data").GetProperty("result");
                if (series.GetArrayLength() > 0)
                    return double.Parse(series[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new TimeoutException($"Prometheus has nothing for {expression}");
    }

    private static async Task<GatewayFixture> CalledAsync()
    {
        var gateway = await GatewayFixture.StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        using var agent = gateway.Client(certificate);
        using var response = await agent.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        return gateway;
    }

    private static async Task<string> ScrapeAsync(GatewayFixture gateway)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{gateway.ProbesPort}/metrics"));
    }

    private static IEnumerable<string> Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.Path("samples/monitoring/dashboard.json")));
        return [.. InDashboard(dashboard.RootElement), .. RuleNodes().Select(static rule => rule["expr"].ToString())];
    }

    private static IEnumerable<string> InDashboard(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static member => member is { Name: "expr" or "query" or "definition", Value.ValueKind: JsonValueKind.String }
            ? [member.Value.GetString()!]
            : InDashboard(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(InDashboard),
        _ => [],
    };

    private static IEnumerable<YamlMappingNode> RuleNodes()
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Rules);
        yaml.Load(reader);
        return [.. ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(static group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>()];
    }

    [GeneratedRegex(@"(?<![:\w])toolgateway_\w+")]
    private static partial Regex MetricName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
