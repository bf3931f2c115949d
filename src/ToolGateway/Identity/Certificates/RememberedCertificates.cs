using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ToolGateway.Identity.Certificates;

/// <summary>
/// Certificates that one <see cref="TrustMaterial"/> has verified, by what the client sent: building a chain takes 0.3 ms or more, and agents open many connections. Refusals are not
/// remembered here.
/// </summary>
internal sealed class RememberedCertificates
{
    private const int MaxCertificates = 10_000;

    private readonly ConcurrentDictionary<string, CertificateVerdict> _verdicts = new(StringComparer.Ordinal);

    /// <summary>Number of certificates that are remembered.</summary>
    public int Count => _verdicts.Count;

    public CertificateVerdict? Find(string key, DateTimeOffset now) => _verdicts.TryGetValue(key, out var verdict) && verdict.IsAt(now) ? verdict : null;

    public void Add(string key, CertificateVerdict verdict)
    {
        if (_verdicts.Count >= MaxCertificates)
            _verdicts.Clear();
        _verdicts[key] = verdict;
    }

    /// <summary>SHA-256 of a certificate and the others that were sent, with the length of each, so that no two lists of certificates are the same bytes.</summary>
    public static string KeyOf(byte[] certificate, IReadOnlyList<byte[]> sent)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(digest, certificate);
        foreach (var other in sent)
            Append(digest, other);
        return Convert.ToBase64String(digest.GetHashAndReset());
    }

    private static void Append(IncrementalHash digest, byte[] certificate)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, certificate.Length);
        digest.AppendData(length);
        digest.AppendData(certificate);
    }
}
