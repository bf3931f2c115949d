using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ToolGateway.Identity.Certificates;

/// <summary>
/// What a client sent in the handshake of one connection, and what the last check of it gave: the feature of the connection. The result ends with the chain's
/// earliest end, with any change of the bundle, and with a clock that goes back.
/// </summary>
internal sealed class ClientCertificate(byte[] certificate, IReadOnlyList<byte[]> sent)
{
    /// <summary>A refusal is looked at again after this time: a certificate may become valid.</summary>
    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromSeconds(5);

    private volatile CertificateVerdict? _verdict;
    private volatile BoundCaller? _bound;

    /// <summary>The caller of the last call with certificate and token together.</summary>
    public BoundCaller? Bound
    {
        get => _bound;
        set => _bound = value;
    }

    /// <summary>The client's certificate on the connection of <paramref name="context"/>, or null.</summary>
    public static ClientCertificate? Of(HttpContext context)
    {
        if (context.Features.Get<ClientCertificate>() is { } known)
            return known;
        if (context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not { } plain)
            return null;
        var presented = new ClientCertificate(plain.RawData, []);
        context.Features.Set(presented);
        return presented;
    }

    /// <summary>Takes what the TLS layer received.</summary>
    public static ClientCertificate From(X509Certificate certificate, X509Chain? chain)
    {
        var leaf = certificate.GetRawCertData();
        return new ClientCertificate(leaf, [.. Sent(chain).Where(sent => !sent.AsSpan().SequenceEqual(leaf))]);
    }

    /// <summary>The verified certificate, or the refusal.</summary>
    public (VerifiedCertificate? Certificate, IdentityRefusal? Refusal) Verify(TrustMaterial trust, DateTimeOffset now)
    {
        if (_verdict is not { } verdict || !verdict.Holds(trust, now))
        {
            var key = RememberedCertificates.KeyOf(certificate, sent);
            _verdict = verdict = trust.Certificates.Find(key, now) ?? VerifyAnew(key, trust, now);
        }

        return (verdict.Certificate, verdict.Refusal);
    }

    private CertificateVerdict VerifyAnew(string key, TrustMaterial trust, DateTimeOffset now)
    {
        var (verified, refusal) = SvidVerifier.Verify(certificate, sent, trust, now);
        var verdict = new CertificateVerdict(verified, refusal, trust.Version, now, verified?.Expires ?? now + RefusalLifetime);
        if (verified is not null)
            trust.Certificates.Add(key, verdict);
        return verdict;
    }

    private static IEnumerable<byte[]> Sent(X509Chain? chain) => chain is null ? [] : chain.ChainPolicy.ExtraStore.Select(sent => sent.RawData);
}
