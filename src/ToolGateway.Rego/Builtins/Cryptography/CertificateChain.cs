namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>What a chain is to be good for.</summary>
/// <param name="Purposes">Go's numbers of extended key usages, of which one must be allowed all along the chain; 0 is any.</param>
internal sealed record ChainOptions(string DnsName, DateTimeOffset Time, IReadOnlyCollection<int> Purposes);

/// <summary>
/// Builds and checks the chain from a leaf to the one root that is trusted, by Go's rules. A certificate with name constraints, or with any critical extension that is not
/// understood, ends no chain: what cannot be checked is refused.
/// </summary>
internal static class CertificateChain
{
    private const int MaxLength = 10;
    private const int CertificateSigning = 1 << 5;
    private const int ServerAuthentication = 1;
    private const string NameConstraintsOid = "2.5.29.30";

    /// <summary>The chain, leaf first, or null.</summary>
    public static List<Certificate>? Verify(IReadOnlyList<Certificate> certificates, ChainOptions options)
    {
        if (certificates.Count < 2)
            return null;
        var leaf = certificates[^1];
        if (!IsCurrent(leaf, options.Time) || !IsUnderstood(leaf) || (options.DnsName.Length > 0 && !HasName(leaf, options.DnsName)))
            return null;
        var chain = new List<Certificate> { leaf };
        var root = certificates[0];
        if (!leaf.Raw.Span.SequenceEqual(root.Raw.Span) && !Extend(chain, root, [.. certificates.Skip(1).SkipLast(1)], options))
            return null;
        return AllowsPurpose(chain, options.Purposes.Count == 0 ? [ServerAuthentication] : options.Purposes) ? chain : null;
    }

    private static bool Extend(List<Certificate> chain, Certificate root, List<Certificate> intermediates, ChainOptions options)
    {
        if (chain.Count >= MaxLength)
            return false;
        if (IsParent(root, chain, options.Time))
        {
            chain.Add(root);
            return true;
        }

        foreach (var candidate in intermediates)
        {
            if (chain.Contains(candidate) || !IsParent(candidate, chain, options.Time))
                continue;
            chain.Add(candidate);
            if (Extend(chain, root, intermediates, options))
                return true;
            chain.RemoveAt(chain.Count - 1);
        }

        return false;
    }

    private static bool IsParent(Certificate parent, List<Certificate> chain, DateTimeOffset time)
    {
        var child = chain[^1];
        // Version 1 and 2 certificates have no way to say that they are authorities; Go takes them as roots all the same, this does not.
        return child.Issuer.Span.SequenceEqual(parent.Subject.Span)
            && IsCurrent(parent, time)
            && IsUnderstood(parent)
            && parent.Facts is { BasicConstraintsValid: true, IsCa: true }
            && (parent.Facts.KeyUsage == 0 || (parent.Facts.KeyUsage & CertificateSigning) != 0)
            && (parent.Facts.MaxPathLength < 0 || chain.Count - 1 <= parent.Facts.MaxPathLength)
            && child.Scheme.Verify(parent.Key, child.Signed.Span, child.Signature);
    }

    private static bool IsCurrent(Certificate certificate, DateTimeOffset time) => time >= certificate.NotBefore && time <= certificate.NotAfter;

    private static bool IsUnderstood(Certificate certificate) =>
        certificate.Facts.UnhandledCritical.Count == 0 && !certificate.Extensions.Any(extension => extension.Oid == NameConstraintsOid);

    private static bool AllowsPurpose(List<Certificate> chain, IReadOnlyCollection<int> purposes)
    {
        if (purposes.Contains(0))
            return true;
        return purposes.Any(purpose => chain.TrueForAll(certificate =>
            (certificate.Facts.Purposes.Count == 0 && certificate.Facts.UnknownPurposes.Count == 0)
            || certificate.Facts.Purposes.Contains(0) || certificate.Facts.Purposes.Contains(purpose)));
    }

    private static bool HasName(Certificate certificate, string name)
    {
        if (System.Net.IPAddress.TryParse(name.Trim('[', ']'), out var address))
            return certificate.Facts.Addresses.Contains(address);
        var labels = name.TrimEnd('.').ToLowerInvariant().Split('.');
        return certificate.Facts.DnsNames.Any(pattern => Matches(pattern.TrimEnd('.').ToLowerInvariant().Split('.'), labels));
    }

    /// <summary>A star stands for one whole label, the first.</summary>
    private static bool Matches(string[] pattern, string[] labels) =>
        pattern.Length == labels.Length && (pattern[0] == "*" || pattern[0] == labels[0]) && pattern.AsSpan(1).SequenceEqual(labels.AsSpan(1));
}
