using System.Text;

namespace ToolGateway.Audit.Reading;

/// <summary>Which calls are asked for; what is null asks for nothing.</summary>
internal sealed record CallFilter
{
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Agent { get; init; }

    public string? Tool { get; init; }

    public string? Action { get; init; }

    /// <summary><c>allow | deny | error</c></summary>
    public string? Outcome { get; init; }

    public string? Reason { get; init; }

    public string? Task { get; init; }

    public string? DecisionId { get; init; }

    /// <summary>Whether it asks for something that only calls have.</summary>
    public bool IsAboutCalls => (Agent ?? Tool ?? Action ?? Outcome ?? Reason ?? Task ?? DecisionId) is not null;

    /// <summary>A cheap look at a line before it is read: false means that it cannot match.</summary>
    public bool MayMatch(ReadOnlySpan<byte> line) =>
        Has(line, Agent) && Has(line, Tool) && Has(line, Action) && Has(line, Reason) && Has(line, Task) && Has(line, DecisionId);

    public bool Matches(CallRow row) =>
        IsWithin(row.Time) && (Agent is null || row.Agent == Agent || row.Subject == Agent) && Is(Tool, row.Tool) && Is(Action, row.Action) && Is(Outcome, row.Outcome)
        && (Reason is null || row.Reasons.Contains(Reason)) && Is(Task, row.Task) && (DecisionId is null || row.DecisionId == DecisionId || row.OpaDecisionId == DecisionId);

    public bool IsWithin(DateTimeOffset time) => (Since is not { } since || time >= since) && (Until is not { } until || time < until);

    private static bool Is(string? wanted, string? value) => wanted is null || wanted == value;

    /// <summary>Only what is written as it is can be looked for; other text may stand escaped.</summary>
    private static bool Has(ReadOnlySpan<byte> line, string? text) =>
        text is null || text.Any(c => c is < ' ' or > '~' or '"' or '\\') || line.IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
