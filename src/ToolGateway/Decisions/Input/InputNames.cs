using System.Globalization;
using ToolGateway.ToolCalls;

namespace ToolGateway.Decisions.Input;

/// <summary>Values of the input document that are not simply copied.</summary>
internal static class InputNames
{
    public static string Of(Risk risk) => risk switch
    {
        Risk.Low => "low",
        Risk.Medium => "medium",
        _ => "high",
    };

    public static string Protocol(Tool tool) => tool.IsMcp ? "mcp" : "http";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public static bool IsReviewOverdue(DecisionInput input) => input.Caller.Agent?.IsReviewOverdue(input.Time) ?? false;
}
