using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>Keeps a copy of the bundle that came from <c>PolicyPath</c>, so that an older one is refused after a restart as well.</summary>
internal sealed partial class BundleKeeper(SnapshotHolder snapshots, SnapshotReading reading, BundleStatus status, ILogger<BundleKeeper> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        snapshots.Changed += Keep;
        Keep(snapshots.Current, snapshots.Current);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        snapshots.Changed -= Keep;
        return Task.CompletedTask;
    }

    private void Keep(GatewaySnapshot old, GatewaySnapshot current)
    {
        var options = current.Options.Decisions.Embedded;
        if (options.Bundle.Url is not null || current.Policy?.Bundle is not { Packed.IsEmpty: false } bundle || BundleStore.For(options, reading.Files.FullPath) is not { } store)
            return;
        var failure = store.Holds(bundle.Packed, options.Bundle.MaxBytes) ? null : store.Write(bundle.Packed);
        status.NoteKept(failure);
        if (failure is not null)
            Log.NotKept(logger, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(3126, LogLevel.Error, "The bundle in use is not kept; after a restart an older one would not be noticed: {Failure}")]
        public static partial void NotKept(ILogger logger, string failure);
    }
}
