using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolGateway.Decisions.Shadow;

/// <summary>What <c>/shadow</c> serves and <c>toolgateway policy diff</c> prints.</summary>
/// <param name="Revision">Revision of the candidate; null while it is not known.</param>
/// <param name="Since">When comparing with this candidate began; null while there is none.</param>
/// <param name="Errors">Why the candidate's last change was refused; the last good one stays.</param>
/// <param name="PolicyRevision">Revision of the embedded policy in effect.</param>
internal sealed record ShadowReport(
    string Engine,
    string? Revision,
    DateTimeOffset? Since,
    IReadOnlyList<string> Errors,
    string? PolicyRevision,
    long Same,
    long Different,
    long Unavailable,
    long Dropped,
    long Waiting,
    long Unlisted,
    IReadOnlyList<ListedDifference> Differences)
{
    /// <summary>As people and programs read it.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions JsonLine { get; } = new(Json) { WriteIndented = false };
}

/// <summary>A difference as it is listed.</summary>
/// <param name="First">When the first of <paramref name="Count"/> calls was received.</param>
/// <param name="LastDecision">Id of the last one's decision, for the audit log.</param>
internal sealed record ListedDifference(
    string Change, string Caller, string Tool, string Action, long Count, DateTimeOffset First, DateTimeOffset Last, string LastDecision, ListedAnswer Current, ListedAnswer Candidate)
{
    public static ListedDifference Of(Seen<DifferenceKind> difference) => new(
        difference.Kind.Change, difference.Kind.Caller, difference.Kind.Tool, difference.Kind.Action, difference.Count, difference.First, difference.Last, difference.LastDecision,
        ListedAnswer.Of(difference.Kind.Current), ListedAnswer.Of(difference.Kind.Candidate));
}

/// <summary>One side of a difference.</summary>
/// <param name="Obligations">As <c>name=value</c>; null where there are none.</param>
/// <param name="CacheSeconds">Null where the decision is not reused.</param>
/// <param name="Visible">The names, where visibility was asked for.</param>
internal sealed record ListedAnswer(string Outcome, IReadOnlyList<string> Reasons, string? Obligations, double? CacheSeconds, IReadOnlyList<string>? Visible)
{
    public static ListedAnswer Of(Answer answer) => answer.Outcome == Answer.VisibleOutcome
        ? new(answer.Outcome, Items(answer.Reasons), null, null, Items(answer.Obligations))
        : new(answer.Outcome, Items(answer.Reasons), answer.Obligations.Length == 0 ? null : answer.Obligations, answer.CacheSeconds == 0 ? null : answer.CacheSeconds, null);

    private static string[] Items(string text) => text.Length == 0 ? [] : text.Split(',');
}
