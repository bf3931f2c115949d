using ToolGateway.Enforcement;

namespace ToolGateway.Decisions.Shadow;

/// <summary>How a candidate's answer differs from the one in effect: a closed list, so that it can be a tag.</summary>
internal static class Change
{
    public const string Same = "same";
    public const string NewlyAllowed = "newly_allowed";
    public const string NewlyDenied = "newly_denied";
    public const string Reasons = "reasons";
    public const string Obligations = "obligations";
    public const string CacheSeconds = "cache_seconds";
    public const string Visibility = "visibility";

    /// <summary>The candidate gives no valid answer, because of the policy itself.</summary>
    public const string Failed = "failed";

    /// <summary>The candidate could not be asked, which says nothing about its policy.</summary>
    public const string Unavailable = "unavailable";

    public static string Between(Answer current, Answer candidate)
    {
        if (candidate.Outcome == "error")
            return Unavailable;
        if (current == candidate)
            return Same;
        if (ReasonCodes.All.Contains(candidate.Reasons))
            return Failed;
        if (candidate.Outcome == Answer.VisibleOutcome)
            return Visibility;
        if (current.Outcome != candidate.Outcome)
            return candidate.Outcome == "allow" ? NewlyAllowed : NewlyDenied;
        if (current.Reasons != candidate.Reasons)
            return Reasons;
        return current.Obligations != candidate.Obligations ? Obligations : CacheSeconds;
    }
}
