using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Leaves in a list what the caller may see, in the server's order. One evaluation a page.</summary>
internal sealed class McpListFilter(McpVisibility visibility, ToolPins pins)
{
    private static readonly RegoString Private = new("private");

    /// <summary>Whether a message has what the method lists.</summary>
    public static bool IsList(string method, RegoObject message) =>
        McpMethods.ListedBy(method) is { } list && message.TryGetValue("result", out var value) && value is RegoObject result && result.TryGetValue(list.Items, out _);

    /// <summary>The filtered message; the same one when it is no list; null when it is no list that can be read, or the policy could not say.</summary>
    public async ValueTask<RegoObject?> FilterAsync(GatewayCall call, string method, bool isModern, RegoObject message)
    {
        if (McpMethods.ListedBy(method) is not { } list || !message.TryGetValue("result", out var value))
            return message;
        if (value is not RegoObject result || !result.TryGetValue(list.Items, out var items) || items is not RegoArray all)
            return null;
        var listed = method == McpMethods.ListTools ? pins.Check(call.Tool!, all) : all;
        var candidates = listed.Select(item => Candidate(item, list)).OfType<string>().ToList();
        var visible = await visibility.AskAsync(call, call.Call!, candidates).ConfigureAwait(false);
        if (visible.FailureReason is not null)
            return null;
        var kept = listed.Where(item => Candidate(item, list) is { } candidate && visible.Names.Contains(candidate));
        var shaped = result.With(list.Items, RegoArray.From(kept));
        if (isModern || result.TryGetValue("cacheScope", out _))
            shaped = shaped.With("cacheScope", Private);
        return message.With("result", shaped);
    }

    /// <summary>The name that the policy is asked about; null for what has none, which nobody could use.</summary>
    private static string? Candidate(RegoValue item, (string Items, string Name, string Prefix) list) =>
        item is RegoObject members && members.TryGetValue(list.Name, out var name) && name is RegoString { Value: var text } && (list.Prefix.Length > 0 || Names.IsValid(text))
            ? list.Prefix + text
            : null;
}
