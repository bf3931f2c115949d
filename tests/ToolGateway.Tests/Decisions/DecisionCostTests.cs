using System.Diagnostics;
using ToolGateway.Decisions;
using Xunit.Abstractions;

namespace ToolGateway.Tests.Decisions;

/// <summary>What a decision allocates on the warm path; not timed, so that it holds on any machine.</summary>
public sealed class DecisionCostTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("low-risk read", 1_700)]
    [InlineData("refund within the limit", 3_600)]
    [InlineData("mcp read", 2_200)]
    public async Task Decide_Embedded_StaysWithinItsBudget(string name, int budget)
    {
        await using var harness = new DecisionHarness(_ => { }, Policies.Shipped);
        Assert.InRange(await MeasureAsync(harness, DecisionCases.All[name].Input), 0, budget);
    }

    [Fact]
    public async Task Decide_FromTheCache_StaysWithinItsBudget()
    {
        await using var harness = new DecisionHarness(_ => { }, Policies.Of(
            "package toolgateway\ndecision := {\"allow\": true, \"cache_seconds\": 60} if { input.subject.id; input.action.name; input.context.arguments.body }"));
        var input = Calls.Refund("""{"order":"A-17","amount":40}""");
        Assert.InRange(await MeasureAsync(harness, input), 0, 600);
        Assert.True((await harness.DecideAsync(input)).Cached);
    }

    private async Task<long> MeasureAsync(DecisionHarness harness, DecisionInput input)
    {
        const int Count = 2_000;
        for (var i = 0; i < Count; i++)
            await harness.Point.DecideAsync(harness.Snapshot, input, CancellationToken.None);
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
        {
            var decision = harness.Point.DecideAsync(harness.Snapshot, input, CancellationToken.None);
            Assert.True(decision.IsCompletedSuccessfully);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        log.WriteLine($"{bytes} bytes, {Stopwatch.GetElapsedTime(started).TotalMicroseconds / Count:0.00} µs");
        return bytes;
    }
}
