using ToolGateway.Decisions;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Asks the policy what a caller may see of a server. Lists show exactly that, and only that can be called.</summary>
internal sealed class McpVisibility(IDecisionPoint decisions)
{
    private static readonly CallRefusal Unknown = new(404, ReasonCodes.ActionUnknown, "The server has nothing with this name.");

    /// <summary>The refusal of a call for something that the caller may not see: as of what does not exist.</summary>
    public async ValueTask<CallRefusal?> CheckAsync(GatewayCall call, ToolCall classified, IReadOnlyList<string> items)
    {
        var visible = await AskAsync(call, classified, items).ConfigureAwait(false);
        if (visible.FailureReason is { } reason)
            return new CallRefusal(visible.IsUnavailable ? 503 : 403, reason, "The policy could not say what is visible.");
        return items.All(visible.Names.Contains) ? null : Unknown;
    }

    /// <summary>Which of the candidates the caller of <paramref name="classified"/> may see.</summary>
    public ValueTask<Visibility> AskAsync(GatewayCall call, ToolCall classified, IReadOnlyList<string> candidates)
    {
        // The same question whether it comes from a list or from a call: arguments and action play no part.
        var asked = classified with
        {
            Action = McpNames.ActionPrefix + McpMethods.ListTools,
            Risk = Risk.Low,
            Effect = "read",
            Mcp = new McpCall(McpMethods.ListTools, classified.Mcp?.Version, null, null),
        };
        return decisions.VisibleAsync(call.Snapshot, new DecisionInput(call.Caller!, asked, call.Id, call.Peer.Text, call.Received, candidates), call.Open.Token);
    }
}
