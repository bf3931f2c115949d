using System.Formats.Asn1;
using System.Security.Cryptography;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>An extension of a certificate or a request.</summary>
internal sealed record CertificateExtension(string Oid, bool Critical, byte[] Value);

/// <summary>An X.509 certificate, in the parts that Go's x509.Certificate has.</summary>
internal sealed record Certificate(
    ReadOnlyMemory<byte> Raw,
    ReadOnlyMemory<byte> Signed,
    ReadOnlyMemory<byte> KeyInfo,
    ReadOnlyMemory<byte> Subject,
    ReadOnlyMemory<byte> Issuer,
    RegoObject SubjectName,
    RegoObject IssuerName,
    byte[] Signature,
    SignatureScheme Scheme,
    string KeyOid,
    SigningKey? Key,
    int Version,
    System.Numerics.BigInteger SerialNumber,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    IReadOnlyList<CertificateExtension> Extensions,
    ExtensionFacts Facts)
{
    public const string Malformed = "x509: malformed certificate";

    /// <summary>The certificates that <paramref name="der"/> consists of; null with the reason in <paramref name="error"/>.</summary>
    public static List<Certificate>? ParseAll(ReadOnlyMemory<byte> der, out string error)
    {
        error = "";
        var result = new List<Certificate>();
        while (!der.IsEmpty)
        {
            if (Parse(der, out var length) is not { } certificate)
            {
                error = Malformed;
                return null;
            }

            result.Add(certificate);
            der = der[length..];
        }

        return result;
    }

    /// <summary>The certificate at the start of <paramref name="der"/>, or null.</summary>
    public static Certificate? Parse(ReadOnlyMemory<byte> der, out int length)
    {
        length = 0;
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var raw = reader.PeekEncodedValue();
            length = raw.Length;
            return Read(raw, reader.ReadSequence());
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            // Malformed DER is an ordinary answer here, and AsnReader knows no other way to give it.
            return null;
        }
    }

    private static Certificate? Read(ReadOnlyMemory<byte> raw, AsnReader outer)
    {
        var signed = outer.PeekEncodedValue();
        var inner = outer.ReadSequence();
        var scheme = SignatureScheme.Read(outer.ReadSequence());
        var signature = outer.ReadBitString(out _);
        outer.ThrowIfNotEmpty();
        var version = ReadVersion(inner);
        var serial = inner.ReadInteger();
        inner.ReadSequence();
        var issuer = inner.ReadEncodedValue();
        var validity = inner.ReadSequence();
        var (notBefore, notAfter) = (ReadTime(validity), ReadTime(validity));
        var subject = inner.ReadEncodedValue();
        var keyInfo = inner.ReadEncodedValue();
        var keyOid = new AsnReader(keyInfo, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadObjectIdentifier();
        var extensions = ReadExtensions(inner);
        return ExtensionFacts.Read(extensions) is { } facts
            ? new Certificate(
                raw, signed, keyInfo, subject, issuer, DistinguishedName.ToValue(subject), DistinguishedName.ToValue(issuer), signature, scheme, keyOid,
                KeyReader.ReadPublic(keyInfo), version, serial, notBefore, notAfter, extensions, facts)
            : null;
    }

    private static int ReadVersion(AsnReader reader)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        return reader.HasData && reader.PeekTag() == tag ? (int)reader.ReadSequence(tag).ReadInteger() + 1 : 1;
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime(twoDigitYearMax: 2049) : reader.ReadGeneralizedTime();

    private static List<CertificateExtension> ReadExtensions(AsnReader reader)
    {
        var result = new List<CertificateExtension>();
        // The identifiers of issuer and subject (tags 1 and 2) come first and say nothing.
        while (reader.HasData)
        {
            if (reader.PeekTag() != new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true))
                reader.ReadEncodedValue();
            else
                result.AddRange(ReadExtensionList(reader.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true)).ReadSequence()));
        }

        return result;
    }

    public static IEnumerable<CertificateExtension> ReadExtensionList(AsnReader list)
    {
        var result = new List<CertificateExtension>();
        while (list.HasData)
        {
            var extension = list.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var critical = extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean();
            result.Add(new CertificateExtension(oid, critical, extension.ReadOctetString()));
        }

        return result;
    }
}
