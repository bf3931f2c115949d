using System.Diagnostics;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Shadow;
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

    /// <summary>Without a candidate a call pays nothing for there being such a thing; with one, for the place in the queue, which is used again.</summary>
    [Fact]
    public async Task Decide_BesideACandidate_CostsOnlyAPlaceInTheQueue()
    {
        await using var harness = new DecisionHarness(
            options => options.Shadow.QueueLimit = 100_000, Policies.Of("package toolgateway\ndecision := {\"allow\": true, \"cache_seconds\": 60}"));
        var input = DecisionCases.All["low-risk read"].Input;
        var decision = await harness.DecideAsync(input);
        var without = await MeasureAsync(harness, input);
        using var candidate = new ReadyCandidate(decision);
        await harness.Shadow.StartAsync(candidate);

        // The queue grows as far as it must: as far as its reader falls behind, which one round may do more than the one before.
        var with = long.MaxValue;
        for (var round = 0; round < 10 && with > without; round++)
        {
            with = Math.Min(with, await MeasureAsync(harness, input));
            while (harness.Shadow.Run!.Waiting > 0)
                await Task.Delay(5);
        }

        Assert.Equal(without, with);
        Assert.InRange(candidate.Asked, 4_000, int.MaxValue);
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

    /// <summary>Answers at once, so that the queue stays short.</summary>
    private sealed class ReadyCandidate(Decision answer) : ICandidate
    {
        public int Asked { get; private set; }

        public string Engine => "embedded";

        public string? Revision => null;

        public int Concurrency => 1;

        public ValueTask<CandidateAnswer> AskAsync(DecisionInput input, CancellationToken cancellation)
        {
            Asked++;
            return new(new CandidateAnswer(answer, null, null));
        }

        public void Dispose() => Asked = -1;
    }
}
