namespace ToolGateway.Identity.Certificates;

/// <summary>What a check of a client's certificate gave.</summary>
/// <param name="Certificate">The verified certificate, or null.</param>
/// <param name="Refusal">Why it was refused, or null.</param>
/// <param name="TrustVersion">Of the bundles it was checked with; the bundles themselves would live as long as a silent connection.</param>
/// <param name="From">The time of the check: a clock that goes back behind it ends the verdict.</param>
/// <param name="Until">The chain's earliest end, or when a refusal is looked at again.</param>
internal sealed record CertificateVerdict(
    VerifiedCertificate? Certificate, IdentityRefusal? Refusal, object TrustVersion, DateTimeOffset From, DateTimeOffset Until)
{
    public bool Holds(TrustMaterial trust, DateTimeOffset now) => IsAt(now)
        && (ReferenceEquals(TrustVersion, trust.Version) || (Certificate is not null && ReferenceEquals(trust.FindDomain(Certificate.Domain.Name), Certificate.Domain)));

    public bool IsAt(DateTimeOffset now) => now >= From && now < Until;
}
