using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.Hosting;

/// <summary>Reads <c>ReverseProxy:Clusters</c> with YARP's own reader, so that every setting people know from YARP means the same here.</summary>
internal static class YarpClusters
{
    public static IReadOnlyDictionary<string, ClusterConfig> Read(IConfiguration configuration, ConfigurationErrors errors)
    {
        var section = configuration.GetSection("ReverseProxy");
        if (section.GetSection("Routes").GetChildren().Any())
            errors.Add("(file)", "ReverseProxy:Routes", "routes come from the tools; remove the section and name the cluster in Tools:…:Cluster");
        if (!section.GetSection("Clusters").GetChildren().Any())
            return new Dictionary<string, ClusterConfig>(StringComparer.Ordinal);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy().LoadFromConfig(section);
        using var provider = services.BuildServiceProvider();
        try
        {
            return provider.GetRequiredService<IProxyConfigProvider>().GetConfig().Clusters
                .ToDictionary(cluster => cluster.ClusterId, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or UriFormatException)
        {
            errors.Add("(file)", "ReverseProxy:Clusters", $"YARP cannot read the clusters: {e.InnerException?.Message ?? e.Message}");
            return new Dictionary<string, ClusterConfig>(StringComparer.Ordinal);
        }
    }
}
