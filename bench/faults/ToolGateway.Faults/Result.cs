using System.Globalization;

namespace ToolGateway.Faults;

/// <summary>One row of the table.</summary>
internal sealed record Result(
    string Name,
    string What,
    SortedDictionary<string, SortedDictionary<string, int>> Callers,
    double SlowestMs,
    double LimitMs,
    double SlackMs,
    int ToolCalls,
    string Log,
    double? RecoveryMs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Violations,
    double Seconds)
{
    public string CallersText() =>
        string.Join("; ", Callers.Select(kind => $"{kind.Key}: {string.Join(", ", kind.Value.Select(label => string.Create(CultureInfo.InvariantCulture, $"{label.Key} ×{label.Value}")))}"));
}
