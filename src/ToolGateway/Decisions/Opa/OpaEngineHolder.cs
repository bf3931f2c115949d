using Microsoft.Extensions.Logging;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Opa;

/// <summary>The sidecar's engine, when the configuration that the process began with says so; changing engines takes a restart.</summary>
internal sealed class OpaEngineHolder(SnapshotHolder snapshots, SnapshotReading reading, TimeProvider clock, DecisionMetrics metrics, ILogger<OpaEngine> logger) : IAsyncDisposable
{
    public OpaEngine? Engine { get; } = snapshots.Current.Options.Decisions is { Engine: "Opa" } options
        ? new OpaEngine(options.Opa, reading.Files.FullPath, clock, metrics, logger)
        : null;

    public async ValueTask DisposeAsync()
    {
        if (Engine is not null)
            await Engine.DisposeAsync();
    }
}
