using System.Collections.Frozen;

namespace ToolGateway.Identity.Tokens;

/// <summary>A configured issuer of bearer tokens.</summary>
internal sealed record Issuer
{
    /// <summary>Its name in the configuration.</summary>
    public required string Name { get; init; }

    public required TokenRules Rules { get; init; }

    /// <summary>Trust domains whose ids its tokens may name.</summary>
    public required FrozenSet<string> TrustDomains { get; init; }

    public required bool RequiresBoundTokens { get; init; }

    /// <summary>Whether <c>client_id</c> names the agent even where the subject is somebody else.</summary>
    public required bool IsClientTheAgent { get; init; }

    public string? TaskClaim { get; init; }

    public string? PurposeClaim { get; init; }

    public required IReadOnlyList<string> PolicyClaims { get; init; }

    /// <summary>Everything that the issuer was made from; equal for two readings means nothing changed.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The exact <c>iss</c>.</summary>
    public string Value => Rules.Issuer!;
}
