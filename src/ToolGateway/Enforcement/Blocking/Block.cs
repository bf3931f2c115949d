using ToolGateway.Decisions;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Enforcement.Blocking;

/// <summary>Why a call is answered by the gateway itself. Protocols differ in how they say it.</summary>
internal sealed record Block
{
    public required int Status { get; init; }

    /// <summary>Code of <see cref="ReasonCodes"/>, or the first reason of the policy.</summary>
    public required string Reason { get; init; }

    /// <summary>What the caller may know and can repair.</summary>
    public required string Detail { get; init; }

    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Value of the outcome record's <c>ended</c>.</summary>
    public string Ended { get; init; } = "blocked";

    /// <summary>Seconds for <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Value of <c>Allow</c>.</summary>
    public string? Allow { get; init; }

    /// <summary>The refusal that a challenge goes with.</summary>
    public IdentityRefusal? Challenge { get; init; }

    public bool ClosesConnection { get; init; }

    public static Block Of(int status, string reason, string detail, string ended = "blocked", int? retryAfter = null) =>
        new() { Status = status, Reason = reason, Reasons = [reason], Detail = detail, Ended = ended, RetryAfter = retryAfter };

    public static Block Of(IdentityRefusal refusal) =>
        new() { Status = refusal.Status, Reason = refusal.Reason, Reasons = [refusal.Reason], Detail = refusal.Detail, Challenge = refusal };

    public static Block Of(CallRefusal refusal) => new()
    {
        Status = refusal.Status,
        Reason = refusal.Reason,
        Reasons = [refusal.Reason],
        Detail = refusal.Detail,
        Ended = refusal.IsAborted ? "client_aborted" : refusal.Status == 408 ? "timeout" : "blocked",
        Allow = refusal.Allow,
        ClosesConnection = refusal.ClosesConnection || refusal.IsAborted || refusal.Status is 408 or 413,
    };

    public static Block Of(Decision decision) => new()
    {
        Status = decision.IsUnavailable ? 503 : 403,
        Reason = decision.Reasons.Count > 0 ? decision.Reasons[0] : ReasonCodes.PolicyInvalidResult,
        Reasons = decision.Reasons,
        Detail = decision.IsUnavailable ? "No decision could be had; the call was not made." : "The policy does not allow this call.",
        RetryAfter = decision.IsUnavailable ? 1 : null,
    };
}
