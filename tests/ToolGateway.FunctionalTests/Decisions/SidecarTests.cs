using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolGateway.Testing;
using ToolGateway.Tests.Decisions.Opa;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>The whole gateway beside a sidecar that dies and comes back.</summary>
public sealed class SidecarTests
{
    [Fact]
    public async Task Sidecar_KilledAndStartedAgain_CallsAreBlockedMeanwhileAndRecorded()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = static question => Decide(question, "r1", allows: true);
        await using var gateway = await StartAsync(opa);
        using var certificate = gateway.AgentCertificate("support");
        using var client = gateway.Client(certificate);
        Assert.Equal("200", await AnswerAsync(client));

        opa.Kill();

        for (var i = 0; i < 15; i++)
            Assert.Equal("503 policy_unavailable", await AnswerAsync(client, $"{i}"));
        Assert.Single(gateway.Upstream.Requests);
        opa.Restart();
        await UntilAsync(client, "200", "43");
        await gateway.StopAsync();
        var records = Directory.EnumerateFiles(gateway.AuditDirectory, "*.jsonl").SelectMany(File.ReadLines).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Ids(records, "decision"), Ids(records, "outcome"));
        Assert.Equal(gateway.Upstream.Requests.Count, records.Count(static record => record.GetProperty("type").GetString() == "decision" && record.GetProperty("allow").GetBoolean()));
    }

    [Fact]
    public async Task Sidecar_StartedAgainWithAnotherPolicy_EndsDecisionsThatAreReused()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = static question => Decide(question, "r1", allows: true);
        await using var gateway = await StartAsync(opa);
        using var certificate = gateway.AgentCertificate("support");
        using var client = gateway.Client(certificate);
        Assert.Equal("200", await AnswerAsync(client));
        var asked = opa.Questions.Count;
        Assert.Equal("200", await AnswerAsync(client));
        Assert.Equal(asked, opa.Questions.Count);

        opa.Kill();
        opa.Answer = static question => Decide(question, "r2", allows: false);
        opa.Restart();

        await UntilAsync(client, "403 not_granted");
    }

    private static Task<GatewayFixture> StartAsync(FakeOpa opa) => GatewayFixture.StartAsync(fixture => fixture.Configuration["Decisions"] = JsonNode.Parse(
        $$"""{ "Engine": "Opa", "Opa": { "Address": "{{opa.Address}}", "Timeout": "00:00:05" } }"""));

    /// <summary>An OPA whose policy lets everybody but the canary read customers, or nobody.</summary>
    private static string Decide(string question, string revision, bool allows)
    {
        var allow = allows && question.Contains("\"name\":\"customers.read\"", StringComparison.Ordinal) && !question.Contains("\"canary\"", StringComparison.Ordinal);
        var result = allow ? """{"allow":true,"reasons":[],"cache_seconds":60}""" : """{"allow":false,"reasons":["not_granted"]}""";
        return FakeOpa.Json(200, $$$$"""{"decision_id":"d","provenance":{"version":"1","bundles":{"gateway":{"revision":"{{{{revision}}}}"}}},"result":{{{{result}}}} }""");
    }

    private static async Task<string> AnswerAsync(HttpClient client, string id = "42")
    {
        using var response = await client.GetAsync(new Uri($"/tools/crm/customers/{id}", UriKind.Relative));
        if (response.StatusCode == HttpStatusCode.OK)
            return "200";
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return $"{(int)response.StatusCode} {problem["reasons"]![0]}";
    }

    private static async Task UntilAsync(HttpClient client, string expected, string id = "42")
    {
        for (var deadline = Environment.TickCount64 + 10_000; await AnswerAsync(client, id) is var answer && answer != expected; await Task.Delay(20))
            Assert.True(Environment.TickCount64 < deadline, $"still {answer}");
    }

    private static IEnumerable<string> Ids(IEnumerable<JsonElement> records, string type) => records
        .Where(record => record.GetProperty("type").GetString() == type).Select(static record => record.GetProperty("decision_id").GetString()!).Order(StringComparer.Ordinal);
}
