using ToolGateway.ToolCalls;

namespace ToolGateway.Telemetry;

/// <summary>Lets an action become a tag value: when the catalogue lists it, or it is one of the protocol's methods, which are a closed list as well.</summary>
internal static class ActionTags
{
    public static string Of(ToolCall call) =>
        call.Tool.Actions.ContainsKey(call.Action) || call.Action.StartsWith("mcp:", StringComparison.Ordinal) ? call.Action : TelemetryNames.Other;
}
