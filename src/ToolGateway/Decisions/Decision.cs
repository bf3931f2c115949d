
namespace ToolGateway.Decisions;

/// <summary>What became of one question. Every failure is a decision that does not allow, with a reason.</summary>
internal sealed record Decision
{
    public required bool Allow { get; init; }

    /// <summary>The policy's reasons, or one code of the gateway.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public Obligations Obligations { get; init; } = Obligations.None;

    /// <summary>How long the policy allows reuse; zero: not at all.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary><c>embedded | opa | cache | embedded_fallback | none</c>.</summary>
    public required string Engine { get; init; }

    public bool Cached { get; init; }

    /// <summary>Revision of the policy that decided, or null.</summary>
    public string? PolicyRevision { get; init; }

    /// <summary>OPA's own id of the decision, for joining its log.</summary>
    public string? OpaDecisionId { get; init; }

    /// <summary>Bundle revisions OPA reported, as <c>name=revision</c>.</summary>
    public IReadOnlyList<string> OpaBundles { get; init; } = [];

    /// <summary>True when no answer came (503); false for a denial (403), failed evaluations included.</summary>
    public bool IsUnavailable { get; init; }

    public string Outcome => Allow ? "allow" : IsUnavailable ? "error" : "deny";

    public static Decision Denied(string engine, string reason, string? revision = null) =>
        new() { Allow = false, Engine = engine, Reasons = [reason], PolicyRevision = revision };

    public static Decision Unavailable(string engine, string reason) =>
        new() { Allow = false, Engine = engine, Reasons = [reason], IsUnavailable = true };
}

/// <summary>What the gateway must do with an allowed call, folded together from the policy's list.</summary>
internal sealed record Obligations
{
    public static Obligations None { get; } = new();

    /// <summary>JSON pointers to redact in the response (<c>*</c>: every element).</summary>
    public IReadOnlyList<string> RedactResponse { get; init; } = [];

    /// <summary>Most response bytes.</summary>
    public long? LimitResponseBytes { get; init; }

    /// <summary>Longest time of the forwarded call.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The decision record must be on disk before the call is forwarded.</summary>
    public bool AuditSynced { get; init; }

    /// <summary>JSON pointers into the arguments that are recorded in clear.</summary>
    public IReadOnlyList<string> AuditArguments { get; init; } = [];
}

/// <summary>The action names that a caller may see among candidates.</summary>
internal sealed record Visibility(IReadOnlySet<string> Names, string Engine, string? PolicyRevision, string? FailureReason, bool IsUnavailable);
