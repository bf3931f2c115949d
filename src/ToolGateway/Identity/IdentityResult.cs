namespace ToolGateway.Identity;

/// <summary>A caller, or why there is none.</summary>
internal readonly record struct IdentityResult(Caller? Caller, IdentityRefusal? Refusal);

/// <summary>Why a caller was not identified.</summary>
/// <param name="Status">401, or 400 for a credential in the wrong place.</param>
/// <param name="Reason">The gateway's code, from <see cref="Enforcement.ReasonCodes"/>.</param>
/// <param name="Method"><c>mtls</c>, <c>jwt</c>, <c>jwt_svid</c> or <c>none</c>; a metric tag.</param>
/// <param name="Detail">What to repair, safe to show to the caller.</param>
/// <param name="ChallengeError">RFC 6750 error code of the challenge, or null when no credential came.</param>
internal sealed record IdentityRefusal(int Status, string Reason, string Method, string Detail, string? ChallengeError);
