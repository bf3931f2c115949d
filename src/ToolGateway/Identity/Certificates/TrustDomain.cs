using System.Security.Cryptography.X509Certificates;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Identity.Certificates;

/// <summary>A SPIFFE trust domain with the authorities of its bundle. A new object whenever the bundle or a setting changes.</summary>
internal sealed class TrustDomain
{
    public required string Name { get; init; }

    /// <summary>What its X.509-SVIDs are verified with; never merged with another domain's.</summary>
    public required X509Certificate2Collection Authorities { get; init; }

    public required TimeSpan MaxLifetime { get; init; }

    /// <summary>Rules for its JWT-SVIDs, or null when they are not accepted.</summary>
    public TokenRules? Tokens { get; init; }

    /// <summary><c>spiffe_sequence</c> of the bundle.</summary>
    public long? Sequence { get; init; }

    /// <summary>Everything that the domain was made from; equal for two readings means nothing changed.</summary>
    public required string Fingerprint { get; init; }
}
