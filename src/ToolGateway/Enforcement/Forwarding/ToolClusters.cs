using System.Runtime.CompilerServices;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Gives YARP's state of the cluster that serves a tool, with a route that leads to it through the gateway's transformer.</summary>
internal sealed class ToolClusters(IProxyStateLookup lookup, ToolTransformer transformer)
{
    private static readonly RouteConfig Route = new() { RouteId = "tools" };

    private readonly ConditionalWeakTable<ClusterState, RouteModel> _routes = [];

    public RouteModel? Find(string clusterId) => lookup.TryGetCluster(clusterId, out var cluster)
        ? _routes.TryGetValue(cluster, out var route) ? route : Add(cluster)
        : null;

    /// <summary>The destination of a cluster that has no other and nothing that chooses or watches it; null when YARP's pipeline is needed.</summary>
    public static DestinationModel? OnlyDestination(ClusterState cluster) =>
        cluster.Model.Config is { HealthCheck: null, SessionAffinity: null } && cluster.DestinationsState.AllDestinations is [var only] ? only.Model : null;

    private RouteModel Add(ClusterState cluster) => _routes.GetValue(cluster, key => new RouteModel(Route, key, transformer));
}
