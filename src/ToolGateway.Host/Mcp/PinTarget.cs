using ToolGateway.Hosting;
using ToolGateway.ToolCalls;

namespace ToolGateway.Host.Mcp;

/// <summary>The server to be pinned: where it is, and what the gateway presents to it.</summary>
internal sealed record PinTarget(Uri Address, ToolCredential? Credential)
{
    public static PinTarget? Find(GatewaySnapshot snapshot, string name)
    {
        if (!snapshot.Tools.TryGetValue(name, out var tool) || !tool.IsMcp)
            return null;
        var cluster = snapshot.Clusters.First(cluster => cluster.ClusterId == tool.ClusterId);
        var destination = cluster.Destinations!.Values.First().Address.TrimEnd('/');
        return new PinTarget(new Uri(destination + (tool.UpstreamPath.Length == 0 ? "/" : tool.UpstreamPath)), tool.Credential);
    }

    /// <summary>The pin file that the configuration names, or null.</summary>
    public static string? PathOf(string? config, string name)
    {
        var source = new ConfigurationSource(config, []);
        var path = source.Read(new FileSet(source.BaseDirectory), new ConfigurationErrors())?[$"ToolGateway:Tools:{name}:Mcp:PinPath"];
        return string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path, source.BaseDirectory);
    }
}
