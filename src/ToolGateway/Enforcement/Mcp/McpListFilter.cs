using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Leaves in a list what the caller may see, in the server's order. One evaluation a page.</summary>
internal sealed class McpListFilter(McpVisibility visibility, ToolPins pins)
{
    private static readonly RegoString Private = new("private");

    /// <summary>The filtered message; the same one when it is no list; null when the policy could not say.</summary>
    public async ValueTask<RegoObject?> FilterAsync(GatewayCall call, string method, bool isModern, RegoObject message)
    {
        if (McpMethods.ListedBy(method) is not { } list
            || !message.TryGetValue("result", out var value) || value is not RegoObject result
            || !result.TryGetValue(list.Items, out var items) || items is not RegoArray all)
        {
            return message;
        }

        var listed = method == McpMethods.ListTools ? pins.Check(call.Tool!, all) : all;
        var candidates = list.Action is { } action ? [action] : Names(listed, list.Name);
        var visible = await visibility.AskAsync(call, call.Call!, call.RemoteAddress, candidates).ConfigureAwait(false);
        if (visible.FailureReason is not null)
            return null;
        var kept = listed.Where(item => visible.Names.Contains(list.Action ?? Name(item, list.Name) ?? ""));
        var shaped = With(result, list.Items, RegoArray.From(kept));
        if (isModern || result.TryGetValue("cacheScope", out _))
            shaped = With(shaped, "cacheScope", Private);
        return With(message, "result", shaped);
    }

    private static List<string> Names(RegoArray items, string member)
    {
        var names = new List<string>(items.Count);
        foreach (var item in items)
        {
            if (Name(item, member) is { } name)
                names.Add(name);
        }

        return names;
    }

    private static string? Name(RegoValue item, string member) =>
        item is RegoObject members && members.TryGetValue(member, out var name) && name is RegoString text ? text.Value : null;

    private static RegoObject With(RegoObject map, string member, RegoValue value) =>
        RegoObject.From(map.Append(new(new RegoString(member), value)));
}
