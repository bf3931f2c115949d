namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>The decision table, and failures, with a real OPA.</summary>
[Trait("Category", "Opa")]
public sealed class RealOpaTests
{
    [OpaTheory]
    [InlineData("tcp")]
    [InlineData("unix")]
    [InlineData("h2c")]
    public async Task Decide_ShippedPolicy_AgreesWithTheEmbeddedEngine(string transport)
    {
        await using var opa = RealOpa.Start(transport);
        await using var harness = await HarnessAsync(opa, transport == "h2c");
        await using var embedded = new DecisionHarness(_ => { }, Policies.Shipped);
        foreach (var (name, (input, expected)) in DecisionCases.All)
        {
            var decision = await harness.DecideAsync(input);
            var other = await embedded.DecideAsync(input);
            Assert.True(expected == DecisionCases.Text(decision), $"{name}: OPA says {DecisionCases.Text(decision)}");
            Assert.Equal(DecisionCases.Text(other), DecisionCases.Text(decision));
            Assert.Equal(other.Obligations.RedactResponse, decision.Obligations.RedactResponse);
            Assert.Equal(other.Obligations.AuditSynced, decision.Obligations.AuditSynced);
            Assert.Equal(other.Lifetime, decision.Lifetime);
            Assert.Equal("real-1", decision.PolicyRevision);
        }

        var listing = Calls.Mcp("mcp:tools/list") with { Candidates = ["delete_file", "read_file"] };
        Assert.Equal(["read_file"], (await harness.Point.VisibleAsync(harness.Snapshot, listing, CancellationToken.None)).Names);
    }

    [OpaTheory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task Decide_OpaKilled_IsDenied(string transport)
    {
        await using var harness = await HarnessOfKilledAsync(transport);
        var decision = await harness.DecideAsync(Calls.Refund("""{"amount":1}"""));
        Assert.True(decision is { Allow: false, IsUnavailable: true });
    }

    private static async Task<DecisionHarness> HarnessOfKilledAsync(string transport)
    {
        await using var opa = RealOpa.Start(transport);
        return await HarnessAsync(opa, http2: false);
    }

    private static async Task<DecisionHarness> HarnessAsync(RealOpa opa, bool http2)
    {
        var harness = new DecisionHarness(options =>
        {
            options.Engine = "Opa";
            options.Opa.Address = opa.Address;
            options.Opa.Http2 = http2;
            options.Opa.Timeout = TimeSpan.FromSeconds(2);
            options.Opa.CircuitMinimumCalls = 1_000;
        });
        var deadline = Environment.TickCount64 + 15_000;
        while ((await harness.DecideAsync()).IsUnavailable)
        {
            Assert.True(Environment.TickCount64 < deadline, "OPA did not start");
            await Task.Delay(50);
        }

        return harness;
    }
}
