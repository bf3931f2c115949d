using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace ToolGateway.Identity.Certificates;

/// <summary>Rules on the certificate of a workload (X.509-SVID sections 2 and 4). Results are what is wrong, safe to show.</summary>
internal static class SvidRules
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>GeneralName ::= CHOICE { …, uniformResourceIdentifier [6] IA5String, … }</summary>
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);

    /// <summary>The one SPIFFE id in a certificate, or null.</summary>
    public static SpiffeId? ReadId(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName).ToArray();
        return names is [var only] && Uris(only.RawData) is [var uri] && SpiffeId.TryParse(uri, out var id) ? id : null;
    }

    public static string? CheckUse(X509Certificate2 certificate)
    {
        if (HasDuplicateExtensions(certificate))
            return "the certificate has the same extension twice";
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
            return "the certificate is an authority's, not a workload's";
        if (certificate.Extensions.OfType<X509KeyUsageExtension>().SingleOrDefault() is not { Critical: true } usage
            || !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        {
            return "the certificate's key usage is not critical with digitalSignature";
        }

        if ((usage.KeyUsages & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) != 0)
            return "the certificate's key may sign certificates or revocation lists";
        return certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SingleOrDefault() is { } extended
            && !extended.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(use => use.Value == ClientAuthentication)
                ? "the certificate's extended key usage has no clientAuth"
                : null;
    }

    public static string? CheckTimes(X509Certificate2 certificate, TimeSpan maxLifetime, DateTimeOffset now)
    {
        var (start, end) = (Utc(certificate.NotBefore), Utc(certificate.NotAfter));
        if (now < start)
            return "the certificate is not valid yet";
        if (now >= end)
            return "the certificate has expired";
        return end - start > maxLifetime ? "the certificate's lifetime is longer than accepted" : null;
    }

    public static DateTimeOffset Utc(DateTime local) => new(local.ToUniversalTime());

    private static bool HasDuplicateExtensions(X509Certificate2 certificate) =>
        certificate.Extensions.Select(extension => extension.Oid?.Value).Distinct(StringComparer.Ordinal).Count() != certificate.Extensions.Count;

    private static List<string> Uris(byte[] encoded)
    {
        var uris = new List<string>();
        try
        {
            var reader = new AsnReader(encoded, AsnEncodingRules.DER);
            var names = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(UriName))
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriName));
                else
                    names.ReadEncodedValue();
            }

            return uris;
        }
        catch (AsnContentException)
        {
            return [];
        }
    }
}
