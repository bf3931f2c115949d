using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ToolGateway.Identity.Certificates;

/// <summary>Verifies a client certificate with the bundle of the trust domain that it names, and nothing else: no downloads, no system store.</summary>
internal static class SvidVerifier
{
    private const int MaxIntermediates = 8;
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The verified certificate, or the refusal.</summary>
    /// <param name="encoded">The certificate.</param>
    /// <param name="sent">The other certificates that the client sent.</param>
    /// <param name="trust">The bundles.</param>
    /// <param name="now">The time.</param>
    public static (VerifiedCertificate? Certificate, IdentityRefusal? Refusal) Verify(
        byte[] encoded, IReadOnlyList<byte[]> sent, TrustMaterial trust, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(encoded);
            var verified = Verify(certificate, sent, trust, now, out var problem);
            return (verified, verified is null ? Refusals.Certificate(problem) : null);
        }
        catch (CryptographicException)
        {
            return (null, Refusals.Certificate("the certificate cannot be read"));
        }
    }

    private static VerifiedCertificate? Verify(
        X509Certificate2 certificate, IReadOnlyList<byte[]> sent, TrustMaterial trust, DateTimeOffset now, out string problem)
    {
        problem = "the certificate does not have exactly one URI name that is a SPIFFE id of a workload";
        if (SvidRules.ReadId(certificate) is not { } id)
            return null;
        problem = "the certificate's trust domain is not known here";
        if (trust.FindDomain(id.TrustDomain) is not { } domain)
            return null;
        if ((SvidRules.CheckUse(certificate) ?? SvidRules.CheckTimes(certificate, domain.MaxLifetime, now)) is { } unfit)
        {
            problem = unfit;
            return null;
        }

        problem = "the certificate is not verified by the bundle of its trust domain";
        return EndOfChain(certificate, sent, domain, now) is { } expires
            ? new VerifiedCertificate
            {
                Id = id.ToString(),
                Domain = domain,
                Expires = expires,
                Thumbprint = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData)),
            }
            : null;
    }

    /// <summary>The earliest end in the chain to one of the domain's authorities, or null when there is no such chain.</summary>
    private static DateTimeOffset? EndOfChain(X509Certificate2 certificate, IReadOnlyList<byte[]> sent, TrustDomain domain, DateTimeOffset now)
    {
        if (domain.Authorities.Count == 0 || sent.Count > MaxIntermediates)
            return null;
        using var chain = new X509Chain { ChainPolicy = Policy(domain, now) };
        foreach (var intermediate in sent)
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(intermediate));
        try
        {
            return chain.Build(certificate) ? chain.ChainElements.Min(element => SvidRules.Utc(element.Certificate.NotAfter)) : null;
        }
        finally
        {
            foreach (var intermediate in chain.ChainPolicy.ExtraStore)
                intermediate.Dispose();
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
        }
    }

    private static X509ChainPolicy Policy(TrustDomain domain, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = now.UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(domain.Authorities);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }
}
