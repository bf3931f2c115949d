using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.Hosting;

/// <summary>
/// Gives YARP the clusters of the snapshot, and one route that every request takes: which tool it is for is decided by the call's own snapshot.
/// A change is given to YARP before the snapshot is swapped, and the clusters of the snapshot before stay, so that a call finds its cluster whichever of the two it began with.
/// </summary>
internal sealed class SnapshotProxyConfigProvider(SnapshotHolder snapshots) : IProxyConfigProvider, IConfigChangeListener
{
    private const string RouteId = "tools";

    private static readonly TimeSpan ApplyTimeout = TimeSpan.FromSeconds(10);

    // Reads the holder's first snapshot; only PrepareAsync replaces it.
    private volatile Published _published = new(snapshots.Current.Clusters);

    public IProxyConfig GetConfig() => _published;

    /// <summary>Gives YARP the clusters of <paramref name="next"/> beside those of the current snapshot. Null: in effect; otherwise why YARP refuses them.</summary>
    public async Task<string?> PrepareAsync(GatewaySnapshot next, CancellationToken cancellation)
    {
        var old = _published;
        var clusters = next.Clusters.ToDictionary(cluster => cluster.ClusterId, StringComparer.Ordinal);
        foreach (var cluster in snapshots.Current.Clusters)
            clusters.TryAdd(cluster.ClusterId, cluster);
        var published = new Published([.. clusters.Values]);
        _published = published;
        old.SignalChange();
        try
        {
            return await published.Applied.WaitAsync(ApplyTimeout, cancellation).ConfigureAwait(false) is { } error ? error.Message : null;
        }
        catch (TimeoutException)
        {
            return "YARP did not take the clusters in time";
        }
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => _published.Finish(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        foreach (var config in proxyConfigs.OfType<Published>())
            config.Finish(exception);
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        foreach (var config in proxyConfigs.OfType<Published>())
            config.Finish(null);
    }

    private sealed class Published : IProxyConfig
    {
        private readonly ConfigurationReloadToken _change = new();
        private readonly TaskCompletionSource<Exception?> _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Published(IReadOnlyList<ClusterConfig> clusters)
        {
            // The route needs a cluster of its own: requests leave it for their tool's cluster.
            Clusters = [.. clusters, new ClusterConfig { ClusterId = RouteId }];
        }

        public IReadOnlyList<RouteConfig> Routes { get; } =
            [new RouteConfig { RouteId = RouteId, ClusterId = RouteId, Match = new RouteMatch { Path = "{**path}" }, Order = int.MaxValue }];

        public IReadOnlyList<ClusterConfig> Clusters { get; }

        public IChangeToken ChangeToken => _change;

        public Task<Exception?> Applied => _applied.Task;

        public void SignalChange() => _change.OnReload();

        public void Finish(Exception? error) => _applied.TrySetResult(error);
    }
}
