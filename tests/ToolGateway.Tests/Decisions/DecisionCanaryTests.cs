using ToolGateway.Decisions;
using ToolGateway.Hosting;

namespace ToolGateway.Tests.Decisions;

public sealed class DecisionCanaryTests
{
    [Fact]
    public async Task Ask_EngineThatFails_IsAFailingCheckAndIsAskedAgain()
    {
        await using var harness = new DecisionHarness(static _ => { });
        var snapshots = new SnapshotHolder(harness.Snapshot with { Tools = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary([KeyValuePair.Create("crm", Calls.Read.Call.Tool)]) });
        var engine = new BrokenEngine();
        using var canary = new DecisionCanary(engine, snapshots, harness.Clock);

        await canary.StartAsync(CancellationToken.None);
        Assert.Equal(HealthState.Failing, canary.Check().State);
        Assert.Contains("a bug", canary.Check().Detail, StringComparison.Ordinal);

        engine.IsBroken = false;
        var deadline = Environment.TickCount64 + 10_000;
        while (canary.Check().State != HealthState.Ok)
        {
            // A background service that fails stops the whole gateway.
            Assert.False(canary.ExecuteTask!.IsCompleted);
            Assert.True(Environment.TickCount64 < deadline, $"it did not recover: {canary.Check()}");
            await Task.Delay(20);
        }

        await canary.StopAsync(CancellationToken.None);
    }

    private sealed class BrokenEngine : IDecisionPoint
    {
        private volatile bool _isBroken = true;
        public bool IsBroken
        {
            set => _isBroken = value;
        }

        public ValueTask<Decision> DecideAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation) =>
            _isBroken ? throw new InvalidOperationException("a bug") : new(Decision.Denied("embedded", "caller_unknown"));

        public ValueTask<Visibility> VisibleAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
