using System.Collections.Frozen;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>The methods that a client may send, by era. Others are refused: a policy cannot judge what it does not know.</summary>
internal static class McpMethods
{
    public const string CallTool = "tools/call";
    public const string ListTools = "tools/list";
    public const string GetPrompt = "prompts/get";
    public const string ReadResource = "resources/read";
    public const string Initialize = "initialize";
    public const string Discover = "server/discover";

    private static readonly string[] Common =
    [
        ListTools, CallTool, "resources/list", "resources/templates/list", ReadResource, "prompts/list", GetPrompt, "completion/complete",
        "notifications/cancelled", "notifications/progress", "tasks/get", "tasks/cancel",
    ];

    // Not tasks/list: a server would list the tasks of all its callers, who are one client to it.
    private static readonly FrozenSet<string> Legacy = FrozenSet.ToFrozenSet(
    [
        .. Common, Initialize, "ping", "resources/subscribe", "resources/unsubscribe", "logging/setLevel", "tasks/result",
        "notifications/initialized", "notifications/roots/list_changed", "notifications/tasks/status",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Modern = FrozenSet.ToFrozenSet([.. Common, Discover, "subscriptions/listen", "tasks/update"], StringComparer.Ordinal);

    public static bool IsKnown(string method, bool isModern) => (isModern ? Modern : Legacy).Contains(method);

    /// <summary>The member of <c>params</c> that <c>Mcp-Name</c> mirrors, or null when the method has none.</summary>
    public static string? NamedBy(string method) => method switch
    {
        CallTool or GetPrompt => "name",
        ReadResource => "uri",
        _ when IsOfTask(method) => "taskId",
        _ => null,
    };

    /// <summary>Whether the method is about a task that a server handed out before.</summary>
    public static bool IsOfTask(string method) => method is "tasks/get" or "tasks/update" or "tasks/cancel" or "tasks/result";

    /// <summary>Whether the result holds what a tool, a resource or a prompt gives, and not what the server says of itself.</summary>
    public static bool HasContent(string method) =>
        method is CallTool or ReadResource or GetPrompt or "completion/complete" || IsOfTask(method);

    /// <summary>For a list: the member of its result that is filtered, the member that names an item, and what stands before that name when the policy is asked.</summary>
    public static (string Items, string Name, string Prefix)? ListedBy(string method) => method switch
    {
        ListTools => ("tools", "name", ""),
        "prompts/list" => ("prompts", "name", McpItems.PromptPrefix),
        "resources/list" => ("resources", "uri", McpItems.ResourcePrefix),
        "resources/templates/list" => ("resourceTemplates", "uriTemplate", McpItems.ResourcePrefix),
        _ => null,
    };
}
