using System.Collections.Frozen;

namespace ToolGateway.Enforcement;

/// <summary>The gateway's own reason codes. A policy may not use them: they tell who refused.</summary>
internal static class ReasonCodes
{
    // Identify
    public const string CredentialMissing = "credential_missing";
    public const string CredentialInQuery = "credential_in_query";
    public const string CredentialRequired = "credential_required";
    public const string CertificateInvalid = "certificate_invalid";
    public const string TokenInvalid = "token_invalid";
    public const string TokenExpired = "token_expired";
    public const string TokenAudience = "token_audience";
    public const string TokenUnbound = "token_unbound";
    public const string IdentityMismatch = "identity_mismatch";
    public const string AgentDisabled = "agent_disabled";
    public const string AgentExpired = "agent_expired";

    // Classify
    public const string RequestMalformed = "request_malformed";
    public const string TargetInvalid = "target_invalid";
    public const string QueryInvalid = "query_invalid";
    public const string BodyInvalid = "body_invalid";
    public const string BodyUnexpected = "body_unexpected";
    public const string HeaderInvalid = "header_invalid";
    public const string MediaTypeUnsupported = "media_type_unsupported";
    public const string IntentConflict = "intent_conflict";
    public const string IntentInvalid = "intent_invalid";
    public const string ToolUnknown = "tool_unknown";
    public const string ActionUnknown = "action_unknown";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string UpgradeRefused = "upgrade_refused";
    public const string BodyTooLarge = "body_too_large";
    public const string HeadersTooLarge = "headers_too_large";
    public const string RequestTimeout = "request_timeout";
    public const string RateLimited = "rate_limited";
    public const string ConcurrencyLimited = "concurrency_limited";

    // Decide
    public const string PolicyUndefined = "policy_undefined";
    public const string PolicyInvalidResult = "policy_invalid_result";
    public const string PolicyError = "policy_error";
    public const string PolicyTimeout = "policy_timeout";
    public const string PolicyUnavailable = "policy_unavailable";
    public const string ObligationUnsupported = "obligation_unsupported";

    // Record, forward, respond
    public const string AuditUnavailable = "audit_unavailable";
    public const string Revoked = "revoked";
    public const string ToolUnreachable = "tool_unreachable";
    public const string ToolTimeout = "tool_timeout";
    public const string ResponseBlocked = "response_blocked";
    public const string ShuttingDown = "shutting_down";
    public const string InternalError = "internal_error";

    // MCP
    public const string HeaderMismatch = "header_mismatch";
    public const string VersionUnsupported = "version_unsupported";
    public const string SessionUnknown = "session_unknown";
    public const string MethodUnknown = "method_unknown";
    public const string ToolDefinitionChanged = "tool_definition_changed";
    public const string RequestNotOutstanding = "request_not_outstanding";
    public const string TaskUnknown = "task_unknown";

    /// <summary>Every code above.</summary>
    public static FrozenSet<string> All { get; } = typeof(ReasonCodes)
        .GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .ToFrozenSet(StringComparer.Ordinal);
}
