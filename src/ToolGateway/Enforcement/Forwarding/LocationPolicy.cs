using ToolGateway.Hosting;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Turns addresses at the tool into addresses at the gateway, so that a redirect neither leads around the gateway nor tells where the tool is.</summary>
/// <param name="Request">The address that the tool was called at.</param>
internal readonly record struct LocationPolicy(Uri Request, GatewayCall Call)
{
    /// <summary>The address for the caller, or null when it must not be shown.</summary>
    public string? Rewrite(string location)
    {
        if (!Uri.TryCreate(new Uri(Request.GetLeftPart(UriPartial.Authority) + Request.AbsolutePath), location, out var target)
            || target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0)
        {
            return null;
        }

        if (!string.Equals(target.Host, Request.Host, StringComparison.OrdinalIgnoreCase))
            return target.AbsoluteUri;

        // Another port or scheme of the tool's host is not what the gateway speaks to.
        if (target.Port != Request.Port || target.Scheme != Request.Scheme)
            return null;
        var path = target.AbsolutePath;
        var upstream = UpstreamBase();
        if (!path.StartsWith(upstream, StringComparison.Ordinal) || (path.Length > upstream.Length && path[upstream.Length] != '/'))
            return null;
        return string.Concat(GatewayBase(), path[upstream.Length..], target.Query + target.Fragment);
    }

    /// <summary>What stands before the tool's own paths at the upstream: the cluster's path, then the tool's.</summary>
    private string UpstreamBase()
    {
        var before = Request.PathAndQuery.Length - Call.Call!.UpstreamTarget.Length;
        return string.Concat(Request.PathAndQuery.AsSpan(0, before).TrimEnd('/'), Call.Tool!.UpstreamPath);
    }

    private string GatewayBase() => $"{Call.Snapshot.Options.PublicUrl?.TrimEnd('/')}/tools/{Call.Tool!.Name}";
}
