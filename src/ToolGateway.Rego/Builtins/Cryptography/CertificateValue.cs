using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>A certificate in the form of Go's x509.Certificate marshalled to JSON, with the URIs as text beside it, as OPA adds them.</summary>
internal static class CertificateValue
{
    private static readonly string[] NullMembers =
    [
        "ExtraExtensions", "PermittedDNSDomains", "ExcludedDNSDomains", "PermittedIPRanges", "ExcludedIPRanges", "PermittedEmailAddresses",
        "ExcludedEmailAddresses", "PermittedURIDomains", "ExcludedURIDomains", "PolicyMappings",
    ];

    private static readonly string[] ZeroMembers = ["InhibitAnyPolicy", "InhibitPolicyMapping", "RequireExplicitPolicy"];

    public static RegoObject Of(Certificate certificate, bool withUriStrings)
    {
        var result = new RegoObjectBuilder();
        result.Set("Raw", KeyValue.Bytes(certificate.Raw.Span));
        result.Set("RawTBSCertificate", KeyValue.Bytes(certificate.Signed.Span));
        result.Set("RawSubjectPublicKeyInfo", KeyValue.Bytes(certificate.KeyInfo.Span));
        result.Set("RawSubject", KeyValue.Bytes(certificate.Subject.Span));
        result.Set("RawIssuer", KeyValue.Bytes(certificate.Issuer.Span));
        result.Set("Signature", KeyValue.Bytes(certificate.Signature));
        result.Set("SignatureAlgorithm", RegoNumber.Of(certificate.Scheme.Number));
        result.Set("PublicKeyAlgorithm", RegoNumber.Of(AlgorithmNumber(certificate.KeyOid)));
        result.Set("PublicKey", KeyValue.OfPublic(certificate.Key));
        result.Set("Version", RegoNumber.Of(certificate.Version));
        result.Set("SerialNumber", RegoNumber.Of(certificate.SerialNumber));
        result.Set("Issuer", certificate.IssuerName);
        result.Set("Subject", certificate.SubjectName);
        result.Set("NotBefore", Time(certificate.NotBefore));
        result.Set("NotAfter", Time(certificate.NotAfter));
        result.Set("Extensions", List(certificate.Extensions, OfExtension));
        AddFacts(result, certificate.Facts);
        foreach (var name in NullMembers)
            result.Set(name, RegoNull.Value);
        foreach (var name in ZeroMembers)
        {
            result.Set(name, RegoNumber.Of(0));
            result.Set(name + "Zero", RegoBoolean.False);
        }

        result.Set("PermittedDNSDomainsCritical", RegoBoolean.False);
        if (withUriStrings)
            result.Set("URIStrings", Texts(certificate.Facts.Uris));
        return result.ToObject();
    }

    public static RegoObject OfExtension(CertificateExtension extension)
    {
        var result = new RegoObjectBuilder();
        result.Set("Id", DistinguishedName.Oid(extension.Oid));
        result.Set("Critical", RegoBoolean.Of(extension.Critical));
        result.Set("Value", KeyValue.Bytes(extension.Value));
        return result.ToObject();
    }

    public static void AddNames(RegoObjectBuilder result, ExtensionFacts facts)
    {
        result.Set("DNSNames", Texts(facts.DnsNames));
        result.Set("EmailAddresses", Texts(facts.Emails));
        result.Set("IPAddresses", List(facts.Addresses, address => new RegoString(address.ToString())));
        result.Set("URIs", List(facts.Uris, OfUri));
    }

    /// <summary>Go's x509.PublicKeyAlgorithm.</summary>
    public static int AlgorithmNumber(string oid) => oid switch
    {
        KeyReader.RsaOid => 1,
        "1.2.840.10040.4.1" => 2,
        KeyReader.EcOid => 3,
        KeyReader.Ed25519Oid => 4,
        _ => 0,
    };

    /// <summary>A list, or null where Go has none.</summary>
    public static RegoValue List<T>(IReadOnlyCollection<T> items, Func<T, RegoValue> convert) =>
        items.Count == 0 ? RegoNull.Value : RegoArray.From(items.Select(convert));

    private static void AddFacts(RegoObjectBuilder result, ExtensionFacts facts)
    {
        result.Set("KeyUsage", RegoNumber.Of(facts.KeyUsage));
        result.Set("ExtKeyUsage", List(facts.Purposes, purpose => RegoNumber.Of(purpose)));
        result.Set("UnknownExtKeyUsage", List(facts.UnknownPurposes, DistinguishedName.Oid));
        result.Set("UnhandledCriticalExtensions", List(facts.UnhandledCritical, DistinguishedName.Oid));
        result.Set("BasicConstraintsValid", RegoBoolean.Of(facts.BasicConstraintsValid));
        result.Set("IsCA", RegoBoolean.Of(facts.IsCa));
        result.Set("MaxPathLen", RegoNumber.Of(facts.MaxPathLength));
        result.Set("MaxPathLenZero", RegoBoolean.Of(facts.BasicConstraintsValid && facts.MaxPathLength == 0));
        result.Set("SubjectKeyId", facts.SubjectKeyId is null ? RegoNull.Value : KeyValue.Bytes(facts.SubjectKeyId));
        result.Set("AuthorityKeyId", facts.AuthorityKeyId is null ? RegoNull.Value : KeyValue.Bytes(facts.AuthorityKeyId));
        result.Set("OCSPServer", Texts(facts.OcspServers));
        result.Set("IssuingCertificateURL", Texts(facts.IssuingUrls));
        result.Set("CRLDistributionPoints", Texts(facts.RevocationUrls));
        result.Set("PolicyIdentifiers", List(facts.Policies, DistinguishedName.Oid));
        result.Set("Policies", Texts(facts.Policies));
        AddNames(result, facts);
    }

    /// <summary>A URI in the form of Go's url.URL; reading the certificate has made sure that it is one.</summary>
    private static RegoObject OfUri(string text)
    {
        var uri = GoUri.Parse(text, out _)!;
        var rest = text[(uri.Scheme.Length + 1)..].Split('#')[0].Split('?')[0];
        var authority = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..].Split('/')[0] : "";
        var result = new RegoObjectBuilder();
        result.Set("Scheme", new RegoString(uri.Scheme));
        result.Set("Opaque", new RegoString(rest.StartsWith('/') ? "" : rest));
        result.Set("User", RegoNull.Value);
        result.Set("Host", new RegoString(authority[(authority.LastIndexOf('@') + 1)..]));
        result.Set("Path", new RegoString(uri.Path));
        result.Set("RawPath", new RegoString(uri.RawPath == uri.Path ? "" : uri.RawPath));
        result.Set("RawQuery", new RegoString(uri.RawQuery));
        result.Set("Fragment", new RegoString(uri.Fragment));
        result.Set("RawFragment", RegoString.Empty);
        foreach (var name in (ReadOnlySpan<string>)["ForceQuery", "OmitHost"])
            result.Set(name, RegoBoolean.False);
        return result.ToObject();
    }

    private static RegoValue Texts(List<string> items) => List(items, item => new RegoString(item));

    private static RegoString Time(DateTimeOffset time) =>
        new(time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));
}
