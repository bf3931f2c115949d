using System.Globalization;

namespace ToolGateway.Decisions.Shadow;

/// <summary>An answer as it is compared and shown. Two answers are the same when every member is.</summary>
/// <param name="Outcome"><c>allow</c>, <c>deny</c> or <c>error</c>; for visibility <c>visible</c>.</param>
/// <param name="Reasons">The reasons in order, or why there is no answer.</param>
/// <param name="Obligations">The obligations as text, in order; for visibility the visible names.</param>
internal sealed record Answer(string Outcome, string Reasons, string Obligations, double CacheSeconds)
{
    public const string VisibleOutcome = "visible";

    public static Answer Of(Decision decision) =>
        new(decision.Outcome, Sorted(decision.Reasons), Text(decision.Obligations), decision.Lifetime.TotalSeconds);

    /// <param name="candidates">The names that were asked about; a policy may list more, which nobody sees.</param>
    public static Answer Of(Visibility visibility, IReadOnlyList<string> candidates) => new(
        visibility.IsUnavailable ? "error" : VisibleOutcome, visibility.FailureReason ?? "", Sorted(candidates.Where(visibility.Names.Contains).Distinct(StringComparer.Ordinal)), 0);

    private static string Text(Obligations obligations)
    {
        if (obligations == Decisions.Obligations.None)
            return "";
        var parts = new List<string>();
        Add("redact_response", Sorted(obligations.RedactResponse));
        Add("limit_response_bytes", obligations.LimitResponseBytes?.ToString(CultureInfo.InvariantCulture));
        Add("timeout_seconds", obligations.Timeout?.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        Add("audit_synced", obligations.AuditSynced ? "true" : null);
        Add("audit_arguments", Sorted(obligations.AuditArguments));
        return string.Join(' ', parts);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                parts.Add($"{name}={value}");
        }
    }

    private static string Sorted(IEnumerable<string> items) => string.Join(',', items.Order(StringComparer.Ordinal));
}
