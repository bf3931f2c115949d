using ToolGateway.Rego.Values;

namespace ToolGateway.Identity;

/// <summary>Who calls, as the gateway verified it. Built once per credential and reused.</summary>
internal sealed record Caller
{
    /// <summary><c>agent</c>, <c>user</c> or <c>canary</c>.</summary>
    public required string Type { get; init; }

    /// <summary>SPIFFE id, or <c>issuer#value</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>mtls | jwt | jwt_svid | mtls+jwt</c>.</summary>
    public required string Authentication { get; init; }

    /// <summary>The registration that lists <see cref="Id"/>, or null.</summary>
    public Agent? Agent { get; init; }

    /// <summary><c>iss</c> of the token, or null.</summary>
    public string? Issuer { get; init; }

    /// <summary>Claims that policies may see.</summary>
    public RegoObject Claims { get; init; } = RegoObject.Empty;

    /// <summary>On whose behalf, when the token has an actor.</summary>
    public DelegationSubject? Delegation { get; init; }

    /// <summary>Nested actors' subjects, outermost first; for the audit record only (RFC 8693 section 4.1).</summary>
    public IReadOnlyList<string> NestedActors { get; init; } = [];

    /// <summary>Task and purpose from the claims that the issuer's configuration names, or null.</summary>
    public VerifiedIntent? Intent { get; init; }

    /// <summary>What was presented, without any secret.</summary>
    public required CredentialInfo Credential { get; init; }
}

/// <summary>The party on whose behalf an agent acts.</summary>
internal sealed record DelegationSubject(string Type, string Id);

/// <summary>Intent that the issuer vouches for.</summary>
internal sealed record VerifiedIntent(string? Task, string? Purpose);

/// <summary>Facts about a credential that may be recorded.</summary>
internal sealed record CredentialInfo(
    string Method, string? Issuer, string? JwtId, string? TokenSha256, string? CertificateSha256, DateTimeOffset Expires);
