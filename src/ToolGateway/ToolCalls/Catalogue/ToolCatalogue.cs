using System.Collections.Frozen;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.ToolCalls.Catalogue;

/// <summary>The tools of one snapshot and the clusters that serve them.</summary>
internal sealed record ToolCatalogue(FrozenDictionary<string, Tool> Tools, IReadOnlyList<ClusterConfig> Clusters);
