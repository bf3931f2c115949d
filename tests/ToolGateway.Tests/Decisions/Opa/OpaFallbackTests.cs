using ToolGateway.Enforcement;

namespace ToolGateway.Tests.Decisions.Opa;

public sealed class OpaFallbackTests
{
    private const string Policy = "package toolgateway\ndecision := {\"allow\": true, \"reasons\": [\"embedded\"], \"cache_seconds\": 60}\nvisible := {\"read_file\"}\n";

    [Fact]
    public async Task Decide_OpaGoneAndSameRevision_IsDecidedByTheEmbeddedEngine()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa, "Embedded", "r1");
        Assert.Equal("opa", (await harness.DecideAsync()).Engine);
        opa.Kill();
        for (var i = 0; i < 15; i++)
        {
            // While the connection fails, and then with the circuit open.
            var decision = await harness.DecideAsync();
            Assert.True(decision is { Allow: true, Engine: "embedded_fallback", PolicyRevision: "r1", Cached: false });
        }

        Assert.True(harness.Opa.IsCircuitOpen);
        var visible = await harness.Point.VisibleAsync(harness.Snapshot, Calls.Read with { Candidates = ["read_file"] }, CancellationToken.None);
        Assert.Equal(["read_file"], visible.Names);
        Assert.Equal("embedded_fallback", visible.Engine);
        opa.Restart();
    }

    [Theory]
    [InlineData("Embedded", "r2")]
    [InlineData("Deny", "r1")]
    public async Task Decide_OpaGoneAndOtherRevisionOrDeny_IsUnavailable(string whenUnavailable, string revision)
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa, whenUnavailable, revision);
        Assert.True((await harness.DecideAsync()).Allow);
        opa.Kill();
        var decision = await harness.DecideAsync();
        Assert.Equal([ReasonCodes.PolicyUnavailable], decision.Reasons);
        Assert.True(decision.IsUnavailable);
        opa.Restart();
    }

    [Fact]
    public async Task Decide_OpaNeverSeen_IsUnavailable()
    {
        using var opa = FakeOpa.Start();
        opa.Kill();
        await using var harness = Harness(opa, "Embedded", "r1");
        Assert.True((await harness.DecideAsync()).IsUnavailable);
        opa.Restart();
    }

    [Fact]
    public async Task Decide_OpaAnswersWithErrors_IsNotReplaced()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa, "Embedded", "r1");
        Assert.True((await harness.DecideAsync()).Allow);
        opa.Answer = _ => FakeOpa.Json(401, "{}");
        Assert.Equal([ReasonCodes.PolicyUnavailable], (await harness.DecideAsync()).Reasons);
        opa.Answer = _ => FakeOpa.Json(500, """{"errors":[{"code":"eval_conflict_error","message":"m"}]}""");
        Assert.Equal([ReasonCodes.PolicyError], (await harness.DecideAsync()).Reasons);
    }

    private static DecisionHarness Harness(FakeOpa opa, string whenUnavailable, string revision) => new(
        options =>
        {
            options.Engine = "Opa";
            options.Opa.Address = opa.Address;
            options.Opa.Timeout = TimeSpan.FromSeconds(5);
            options.Opa.WhenUnavailable = whenUnavailable;
            options.Opa.CircuitBreak = TimeSpan.FromMinutes(1);
        },
        Policies.Of(Policy, (".manifest", $$"""{"revision":"{{revision}}"}""")));
}
