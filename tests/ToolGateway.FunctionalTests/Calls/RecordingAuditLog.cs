using System.Collections.Concurrent;
using ToolGateway.Audit;

namespace ToolGateway.FunctionalTests.Calls;

/// <summary>Keeps records in memory, in the order in which they came.</summary>
internal sealed class RecordingAuditLog : IAuditLog
{
    public ConcurrentQueue<(DecisionRecord Record, Durability Durability)> Decisions { get; } = new();

    public ConcurrentQueue<OutcomeRecord> Outcomes { get; } = new();

    public ConcurrentQueue<(DecisionRecord Decision, OutcomeRecord Outcome)> UnidentifiedCalls { get; } = new();

    public bool IsAvailable { get; set; } = true;

    public ValueTask<bool> DecisionAsync(in DecisionRecord record, Durability durability, CancellationToken cancellation)
    {
        if (IsAvailable)
            Decisions.Enqueue((record, durability));
        return new(IsAvailable);
    }

    public void Outcome(in OutcomeRecord record) => Outcomes.Enqueue(record);

    public void Unidentified(in DecisionRecord decision, in OutcomeRecord outcome) => UnidentifiedCalls.Enqueue((decision, outcome));

    public ValueTask<bool> ChangeAsync(ChangeRecord record, CancellationToken cancellation) => new(IsAvailable);

    /// <summary>The one pair of records that a single call left.</summary>
    public async Task<(DecisionRecord Decision, OutcomeRecord Outcome)> PairAsync()
    {
        await WaitForOutcomesAsync(1);
        var decision = Assert.Single(Decisions).Record;
        var outcome = Assert.Single(Outcomes);
        Assert.Equal(decision.DecisionId, outcome.DecisionId);
        return (decision, outcome);
    }

    public async Task WaitForUnidentifiedAsync()
    {
        for (var deadline = Environment.TickCount64 + 10_000; UnidentifiedCalls.IsEmpty; await Task.Delay(5))
            Assert.True(Environment.TickCount64 < deadline, "expected an unidentified call");
    }

    public async Task WaitForDecisionAsync()
    {
        for (var deadline = Environment.TickCount64 + 10_000; Decisions.IsEmpty; await Task.Delay(5))
            Assert.True(Environment.TickCount64 < deadline, "expected a decision");
    }

    public async Task WaitForOutcomesAsync(int count)
    {
        for (var deadline = Environment.TickCount64 + 10_000; Outcomes.Count < count; await Task.Delay(5))
            Assert.True(Environment.TickCount64 < deadline, $"expected {count} outcomes, have {Outcomes.Count}");
    }
}
