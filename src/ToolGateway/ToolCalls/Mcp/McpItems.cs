using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>
/// What of a server is seen or not, one by one, under the names that <c>data.toolgateway.visible</c> is asked about: a tool's own name, and for prompts and resources the
/// action that fetches them with the name or address behind it.
/// </summary>
internal static class McpItems
{
    public const string PromptPrefix = McpNames.ActionPrefix + McpMethods.GetPrompt + "/";
    public const string ResourcePrefix = McpNames.ActionPrefix + McpMethods.ReadResource + "/";

    /// <summary>The items that a client's message is about; null when it must name one and does not.</summary>
    public static IReadOnlyList<string>? Of(McpMessage message) => message.Method switch
    {
        McpMethods.CallTool => One("", message.Text("name")),
        McpMethods.GetPrompt => One(PromptPrefix, message.Text("name")),
        McpMethods.ReadResource or "resources/subscribe" or "resources/unsubscribe" => One(ResourcePrefix, message.Text("uri")),
        "completion/complete" => OfReference(message),
        "subscriptions/listen" => OfSubscriptions(message),
        _ => [],
    };

    private static string[]? One(string prefix, string? name) => name is null ? null : [prefix + name];

    private static string[]? OfReference(McpMessage message)
    {
        if (!message.Params.TryGetValue("ref", out var value) || value is not RegoObject reference || !reference.TryGetValue("type", out var type))
            return null;
        return type switch
        {
            RegoString { Value: "ref/prompt" } => One(PromptPrefix, Text(reference, "name")),
            RegoString { Value: "ref/resource" } => One(ResourcePrefix, Text(reference, "uri")),
            _ => null,
        };
    }

    private static string[]? OfSubscriptions(McpMessage message)
    {
        if (!message.Params.TryGetValue("notifications", out var value) || value is not RegoObject notifications)
            return null;
        if (!notifications.TryGetValue("resourceSubscriptions", out var subscriptions))
            return [];
        return subscriptions is RegoArray addresses && addresses.All(address => address is RegoString)
            ? [.. addresses.Select(address => ResourcePrefix + ((RegoString)address).Value)]
            : null;
    }

    private static string? Text(RegoObject members, string name) => members.TryGetValue(name, out var value) && value is RegoString text ? text.Value : null;
}
