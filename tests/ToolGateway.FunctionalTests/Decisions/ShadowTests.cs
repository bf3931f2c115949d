using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.Tests.Decisions.Opa;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>A candidate policy beside the one that decides: whatever it says or does, callers get what they would get without it.</summary>
public sealed class ShadowTests
{
    private const string Crowded = """
        package toolgateway

        decision := {"allow": count(walks) > 0, "reasons": ["slow"]}

        walks := [1 | some i in numbers.range(1, 1000); some j in numbers.range(1, 1000); i * j == 7]

        visible := set()
        """;

    [Fact]
    public async Task Calls_CandidateDecidesOtherwise_AreAnsweredAsEverAndListed()
    {
        await using var gateway = await ShadowGateway.StartAsync(ShadowGateway.Opposite);

        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.ExportAsync());

        var report = await gateway.ComparedAsync(3);
        Assert.Equal((0, 3, 0), ((int)report["same"]!, (int)report["different"]!, (int)report["dropped"]!));
        Assert.Equal(
            [
                "2 newly_denied support crm customers.read: allow() redact_response=/card/number,/ssn -> deny(reading_ends)",
                "1 newly_allowed support crm customers.export: deny(not_granted) -> allow()",
            ],
            report["differences"]!.AsArray().Select(Line));
        Assert.Equal(2, gateway.Fixture.Upstream.Requests.Count);
        var metrics = await gateway.MetricsAsync();
        Assert.Contains("toolgateway_shadow_decisions_total{tool=\"crm\",action=\"customers.read\",result=\"newly_denied\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("toolgateway_shadow_decisions_total{tool=\"crm\",action=\"customers.export\",result=\"newly_allowed\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("toolgateway_snapshot_info{part=\"shadow\",revision=", metrics, StringComparison.Ordinal);
        using var probes = new HttpClient();
        using var refused = await probes.GetAsync(new Uri($"http://127.0.0.1:{gateway.Fixture.ProbesPort}/shadow"));
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Calls_CandidateIsTheSamePolicy_AreCountedAsSame()
    {
        await using var gateway = await ShadowGateway.StartAsync(null, """{ "Engine": "Embedded", "Embedded": { "PolicyPath": "policies" } }""");

        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.ExportAsync());

        var report = await gateway.ComparedAsync(2);
        Assert.Equal((2, 0), ((int)report["same"]!, (int)report["different"]!));
        Assert.Empty(report["differences"]!.AsArray());
        Assert.Equal((string?)report["policy_revision"], (string?)report["revision"]);
    }

    [Fact]
    public async Task Calls_CandidateFails_AreAnsweredAsEver_AndTheEngineHasNoFailures()
    {
        await using var gateway = await ShadowGateway.StartAsync("""
            package toolgateway

            decision := {"allow": true, "cache_seconds": to_number(input.subject.id)}

            visible := set()
            """);

        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());

        var difference = Assert.Single((await gateway.ComparedAsync(1))["differences"]!.AsArray());
        Assert.StartsWith("1 failed support crm customers.read: allow()", Line(difference), StringComparison.Ordinal);
        Assert.EndsWith("-> deny(policy_error)", Line(difference), StringComparison.Ordinal);
        Assert.DoesNotContain("toolgateway_decision_point_failures_total{", await gateway.MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "ok"), await ShadowHealthAsync(gateway));
    }

    [Fact]
    public async Task Calls_CandidateIsTooSlow_DoNotWaitForIt_AndDropsAreCounted()
    {
        await using var gateway = await ShadowGateway.StartAsync(
            Crowded, """{ "Engine": "Embedded", "QueueLimit": 2, "Embedded": { "PolicyPath": "candidate", "Timeout": "00:00:10", "MaxSteps": 100000000 } }""");
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());

        // One evaluation takes longer than all the calls may together.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        var report = (await gateway.ReportAsync(static _ => true))!;
        Assert.InRange((int)report["dropped"]!, 1, 20);
        Assert.InRange((int)report["waiting"]!, 0, 2);
        Assert.Contains($"toolgateway_shadow_dropped_total {(int)report["dropped"]!}\n", await gateway.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_SecondOpaHangs_DoNotWaitForIt()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = static _ => null;
        await using var gateway = await ShadowGateway.StartAsync(null, $$"""{ "Engine": "Opa", "Opa": { "Address": "{{opa.Address}}", "Timeout": "00:00:00.500" } }""");

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        var report = await gateway.ComparedAsync(20);
        Assert.Equal((20, 0), ((int)report["unavailable"]!, (int)report["different"]!));
        var metrics = await gateway.MetricsAsync();
        Assert.DoesNotContain("toolgateway_decision_point_failures_total{", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("toolgateway_decision_point_circuit{", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_SecondOpaDecidesOtherwise_AreListedWithItsRevision()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = static _ => FakeOpa.Json(200, $$$"""{{{{FakeOpa.Provenance}}},"result":{"allow":false,"reasons":["from_opa"]}}""");
        await using var gateway = await ShadowGateway.StartAsync(null, $$"""{ "Engine": "Opa", "Opa": { "Address": "{{opa.Address}}", "Timeout": "00:00:05" } }""");

        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());

        var report = await gateway.ComparedAsync(1);
        Assert.Equal("r1", (string?)report["revision"]);
        Assert.EndsWith("-> deny(from_opa)", Line(Assert.Single(report["differences"]!.AsArray())), StringComparison.Ordinal);
        Assert.Contains("\"customers.read\"", Assert.Single(opa.Questions), StringComparison.Ordinal);
        opa.Break = int.MaxValue;
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal(1, (int)(await gateway.ComparedAsync(2))["unavailable"]!);
    }

    [Fact]
    public async Task Candidate_FilesChange_IsReplaced_AndTheLastGoodOneStaysWhenTheyAreBad()
    {
        await using var gateway = await ShadowGateway.StartAsync(ShadowGateway.Opposite);
        var first = (string)(await gateway.ReportAsync(static _ => true))!["revision"]!;

        gateway.WriteCandidate("package toolgateway\n\ndecision := ");
        var refused = (await gateway.ReportAsync(static report => report!["errors"]!.AsArray().Count > 0))!;
        Assert.Equal(first, (string)refused["revision"]!);
        Assert.Contains("candidate/policy.rego:3", (string)refused["errors"]![0]!, StringComparison.Ordinal);
        Assert.Contains("Decisions:Shadow:Embedded:PolicyPath", (string)refused["errors"]![0]!, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "degraded"), await ShadowHealthAsync(gateway));
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal(1, (int)(await gateway.ComparedAsync(1))["different"]!);
        Assert.Contains("toolgateway_snapshot_reloads_total{part=\"shadow\",result=\"refused\"} 1\n", await gateway.MetricsAsync(), StringComparison.Ordinal);

        gateway.WriteCandidate(ShadowGateway.Opposite.Replace("reading_ends", "reading_is_over", StringComparison.Ordinal));
        var replaced = (await gateway.ReportAsync(report => (string?)report!["revision"] != first))!;
        Assert.Empty(replaced["errors"]!.AsArray());
        Assert.Empty(replaced["differences"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.EndsWith("-> deny(reading_is_over)", Line(Assert.Single((await gateway.ComparedAsync(1))["differences"]!.AsArray())), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "ok"), await ShadowHealthAsync(gateway));
    }

    [Fact]
    public async Task BrokenCandidate_NeitherStopsTheStartNorAChangeOfThePolicy()
    {
        await using var gateway = await ShadowGateway.StartAsync("package toolgateway\n\ndecision := ");
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal((HttpStatusCode.OK, "degraded"), await ShadowHealthAsync(gateway));

        await gateway.Fixture.AfterReloadAsync(() =>
        {
            var grants = Path.Combine(gateway.Fixture.PolicyDirectory, "toolgateway", "data.json");
            File.WriteAllText(grants, File.ReadAllText(grants).Replace("\"customers.read\"", "\"customers.other\"", StringComparison.Ordinal));
        });

        Assert.Equal(HttpStatusCode.Forbidden, await gateway.ReadAsync());
    }

    [Fact]
    public async Task Shadow_IsTurnedOffAndOnWithoutARestart()
    {
        await using var gateway = await ShadowGateway.StartAsync(ShadowGateway.Opposite);
        await gateway.Fixture.WriteConfigurationAsync(static configuration => configuration["Decisions"]!["Shadow"]!["Engine"] = null);
        await gateway.ReportAsync(static report => report is null);
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());

        await gateway.Fixture.WriteConfigurationAsync(static configuration => configuration["Decisions"]!["Shadow"]!["Engine"] = "Embedded");
        await gateway.ReportAsync(static report => report?["since"] is not null);
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal(1, (int)(await gateway.ComparedAsync(1))["different"]!);
    }

    [Fact]
    public async Task PolicyInEffect_Changes_ComparingBeginsAnew()
    {
        await using var gateway = await ShadowGateway.StartAsync(ShadowGateway.Opposite);
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        await gateway.ComparedAsync(1);

        await gateway.Fixture.WriteConfigurationAsync(static configuration => configuration["Decisions"]!["Embedded"]!["PolicyPath"] = "candidate");
        await gateway.ReportAsync(static report => (int)report!["different"]! == 0);

        Assert.Equal(HttpStatusCode.Forbidden, await gateway.ReadAsync());
        Assert.Equal(1, (int)(await gateway.ComparedAsync(1))["same"]!);
    }

    private static async Task<(HttpStatusCode Status, string Shadow)> ShadowHealthAsync(ShadowGateway gateway)
    {
        var (status, checks) = await gateway.ReadyAsync();
        return (status, (string)checks["shadow"]!["status"]!);
    }

    private static string Line(JsonNode? difference) => $"{difference!["count"]} {difference["change"]} {difference["caller"]} {difference["tool"]} {difference["action"]}: "
        + $"{Side(difference["current"]!)} -> {Side(difference["candidate"]!)}";

    private static string Side(JsonNode answer) => $"{answer["outcome"]}({string.Join(',', answer["reasons"]!.AsArray())}) {answer["obligations"]}".TrimEnd();
}
