using System.Collections.Frozen;
using ToolGateway.Hosting;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.ToolCalls.Catalogue;

/// <summary>Builds the catalogue from the options of every tool, noting everything that is wrong with them.</summary>
internal static class CatalogueBuilder
{
    /// <summary>Builds the catalogue.</summary>
    /// <param name="clusters">The clusters of <c>ReverseProxy:Clusters</c> by name.</param>
    public static ToolCatalogue Build(
        ToolGatewayOptions options, IReadOnlyDictionary<string, ClusterConfig> clusters, FileSet files, ConfigurationErrors errors)
    {
        var tools = new Dictionary<string, Tool>(StringComparer.Ordinal);
        var served = new Dictionary<string, ClusterConfig>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, tool) in options.Tools)
        {
            if (!names.Add(name))
                errors.Add($"Tools:{name}", null, "the name differs from another tool's only in case; choose a distinct one");
            if (new ToolBuilder(name, tool, clusters, files, errors).Build() is not { } built)
                continue;
            tools.Add(name, built.Tool);
            served[built.Cluster.ClusterId] = built.Cluster;
        }

        return new ToolCatalogue(tools.ToFrozenDictionary(StringComparer.Ordinal), [.. served.Values]);
    }
}
