using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Opa;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Decisions;

/// <summary>The decision point as the host composes it, over a snapshot of a test's making.</summary>
internal sealed class DecisionHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public DecisionHarness(Action<DecisionOptions> configure, EmbeddedPolicy? policy = null)
    {
        var options = new ToolGatewayOptions();
        configure(options.Decisions);
        Snapshot = CreateSnapshot(options, policy);
        Snapshots = new SnapshotHolder(Snapshot);
        _services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(Snapshots)
            .AddSingleton(new SnapshotReading(Snapshot, [], new FileSet(Path.GetTempPath())))
            .AddDecisions()
            .BuildServiceProvider();
        Point = _services.GetRequiredService<IDecisionPoint>();
        Opa = _services.GetRequiredService<OpaEngineHolder>().Engine!;
        Listen();
    }

    public TestClock Clock { get; } = new();

    public SnapshotHolder Snapshots { get; }

    public GatewaySnapshot Snapshot { get; private set; }

    public IDecisionPoint Point { get; }

    public OpaEngine Opa { get; }

    /// <summary>Sums of counters by instrument and tags, as <c>name{tag=value,…}</c>.</summary>
    public Dictionary<string, long> Counters { get; } = [];

    public Task<Decision> DecideAsync(DecisionInput? input = null) => Point.DecideAsync(Snapshot, input ?? Calls.Read, CancellationToken.None).AsTask();

    public ShadowDecisions Shadow => _services.GetRequiredService<ShadowDecisions>();

    public long Count(string counter)
    {
        lock (Counters)
            return Counters.GetValueOrDefault(counter);
    }

    /// <summary>Replaces the snapshot, as the loader does.</summary>
    public void Swap(EmbeddedPolicy? policy)
    {
        Snapshot = CreateSnapshot(Snapshot.Options, policy);
        Snapshots.Swap(Snapshot);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    private readonly MeterListener _listener = new();

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
            lock (Counters)
                Counters[key] = Counters.GetValueOrDefault(key) + value;
        });
        _listener.Start();
    }

    private static GatewaySnapshot CreateSnapshot(ToolGatewayOptions options, EmbeddedPolicy? policy) => new()
    {
        Options = options,
        ConfigurationRevision = "c1",
        AgentsByIdentity = FrozenDictionary<string, Agent>.Empty,
        AgentsByName = FrozenDictionary<string, Agent>.Empty,
        Tools = FrozenDictionary<string, Tool>.Empty,
        Trust = TrustMaterial.Empty,
        Policy = policy,
        PartRevisions = new Dictionary<string, string?>(),
        Clusters = [],
    };
}

/// <summary>A clock that runs from the moment of the tests' calls, and which a test can set forward.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private long _ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => Calls.Now + GetElapsedTime(_started);

    public override long GetTimestamp() => base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _ahead)).TotalSeconds * TimestampFrequency);
}
