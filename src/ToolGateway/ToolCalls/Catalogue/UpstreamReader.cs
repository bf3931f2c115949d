using System.Security.Cryptography;
using System.Text;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls.Targets;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace ToolGateway.ToolCalls.Catalogue;

/// <summary>Finds the cluster that serves a tool: its own, made from <c>Upstream</c>, or a named one.</summary>
internal sealed class UpstreamReader(string name, ToolOptions options, IReadOnlyDictionary<string, ClusterConfig> clusters, ConfigurationErrors errors)
{
    private readonly string _key = $"Tools:{name}";

    public ToolUpstream? Read()
    {
        var hasUpstream = !string.IsNullOrEmpty(options.Upstream);
        var hasCluster = !string.IsNullOrEmpty(options.Cluster);
        if (hasUpstream == hasCluster)
        {
            errors.Add(_key, null, "give either Upstream (the tool's address) or Cluster (a name in ReverseProxy:Clusters)");
            return null;
        }

        return hasUpstream ? Own(options.Upstream!) : Named(options.Cluster!);
    }

    private ToolUpstream? Own(string upstream)
    {
        if (!Uri.TryCreate(upstream, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0 || !IsPlainPath(uri.AbsolutePath))
        {
            errors.Add($"{_key}:Upstream", upstream, "write an address such as http://127.0.0.1:7001/ or https://tool.example/base, without user, query and fragment");
            return null;
        }

        var address = uri.GetLeftPart(UriPartial.Authority);

        // The id holds everything that the cluster is made of, so that an unchanged tool keeps its connections and health over a reload.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..12];
        var cluster = new ClusterConfig
        {
            ClusterId = $"{name}~{digest}",
            Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["upstream"] = new() { Address = address } },

            // The gateway has its own timers: to the first byte, and for as long as a caller may keep a response open.
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromHours(24) },
        };
        return new ToolUpstream(cluster, uri.AbsolutePath.TrimEnd('/'));
    }

    private ToolUpstream? Named(string clusterName)
    {
        if (!clusters.TryGetValue(clusterName, out var cluster))
        {
            errors.Add($"{_key}:Cluster", clusterName, "there is no such cluster in ReverseProxy:Clusters; add it or name another");
            return null;
        }

        // HashCookie needs an assembly that is not deployed, and it is the default: requests would fail after the tool was called.
        if (cluster.SessionAffinity is { Enabled: true, Policy: null or "HashCookie" } affinity)
        {
            errors.Add($"{_key}:Cluster", clusterName, $"its SessionAffinity policy '{affinity.Policy ?? "HashCookie (the default)"}' is not supported; write Cookie, ArrCookie or CustomHeader");
            return null;
        }

        return new ToolUpstream(cluster, "");
    }

    private static bool IsPlainPath(string path) =>
        path == "/" || Array.TrueForAll(path.Trim('/').Split('/'), static segment => segment is not ("." or "..") && TargetReader.IsCanonicalSegment(segment));
}

/// <summary>A cluster, and the path before the tool's own paths.</summary>
internal sealed record ToolUpstream(ClusterConfig Cluster, string Path);
