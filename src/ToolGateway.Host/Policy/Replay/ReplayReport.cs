using ToolGateway.Decisions.Shadow;

namespace ToolGateway.Host.Policy.Replay;

/// <summary>What deciding a log again gave.</summary>
/// <param name="Records">Decision records that the filters let through.</param>
/// <param name="Unlisted">Changes, and calls that were not replayed, of kinds that found no place in the lists.</param>
/// <param name="Reads">Input paths that the policy can read.</param>
/// <param name="Nondeterministic">Built-ins of the policy, other than the clock, that may answer differently each time.</param>
internal sealed record ReplayReport(
    string PolicyRevision,
    DateTimeOffset? From,
    DateTimeOffset? To,
    long Records,
    long Replayed,
    long Same,
    long Changed,
    long NotReplayed,
    long NotDecided,
    long Unlisted,
    IReadOnlyList<string> Reads,
    IReadOnlyList<string> Nondeterministic,
    IReadOnlyList<ListedDifference> Changes,
    IReadOnlyList<LeftOut> LeftOut);

/// <summary>Calls of one kind that were not decided again.</summary>
/// <param name="Why">The fact that is missing, or why no policy decided.</param>
/// <param name="IsDecided">Whether a policy decided then.</param>
internal sealed record LeftOutKind(bool IsDecided, string Why, string Caller, string Tool, string Action);

/// <summary>A kind as it is listed.</summary>
internal sealed record LeftOut(bool IsDecided, string Why, string Caller, string Tool, string Action, long Count, DateTimeOffset First, DateTimeOffset Last, string LastDecision)
{
    public static LeftOut Of(Seen<LeftOutKind> seen) =>
        new(seen.Kind.IsDecided, seen.Kind.Why, seen.Kind.Caller, seen.Kind.Tool, seen.Kind.Action, seen.Count, seen.First, seen.Last, seen.LastDecision);
}
