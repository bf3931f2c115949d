using System.Formats.Asn1;
using System.Security.Cryptography;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>A certificate request (PKCS #10) in the form of Go's x509.CertificateRequest marshalled to JSON.</summary>
internal static class CertificateRequest
{
    private const string ExtensionRequestOid = "1.2.840.113549.1.9.14";

    public static RegoObject? ToValue(byte[] der)
    {
        try
        {
            return Read(der);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            // Malformed DER is an ordinary answer here, and AsnReader knows no other way to give it.
            return null;
        }
    }

    private static RegoObject? Read(byte[] der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var outer = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var signed = outer.PeekEncodedValue();
        var inner = outer.ReadSequence();
        var scheme = SignatureScheme.Read(outer.ReadSequence());
        var signature = outer.ReadBitString(out _);
        var version = inner.ReadInteger();
        var subject = inner.ReadEncodedValue();
        var keyInfo = inner.ReadEncodedValue();
        var keyOid = new AsnReader(keyInfo, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadObjectIdentifier();
        var extensions = inner.HasData ? ReadRequested(inner) : [];
        if (ExtensionFacts.Read(extensions) is not { } facts)
            return null;
        var result = new RegoObjectBuilder();
        result.Set("Raw", KeyValue.Bytes(der));
        result.Set("RawTBSCertificateRequest", KeyValue.Bytes(signed.Span));
        result.Set("RawSubjectPublicKeyInfo", KeyValue.Bytes(keyInfo.Span));
        result.Set("RawSubject", KeyValue.Bytes(subject.Span));
        result.Set("Version", RegoNumber.Of(version));
        result.Set("Signature", KeyValue.Bytes(signature));
        result.Set("SignatureAlgorithm", RegoNumber.Of(scheme.Number));
        result.Set("PublicKeyAlgorithm", RegoNumber.Of(CertificateValue.AlgorithmNumber(keyOid)));
        result.Set("PublicKey", KeyValue.OfPublic(KeyReader.ReadPublic(keyInfo)));
        result.Set("Subject", DistinguishedName.ToValue(subject));
        result.Set("Attributes", RegoArray.Empty);
        result.Set("Extensions", CertificateValue.List(extensions, CertificateValue.OfExtension));
        result.Set("ExtraExtensions", RegoNull.Value);
        CertificateValue.AddNames(result, facts);
        return result.ToObject();
    }

    private static List<CertificateExtension> ReadRequested(AsnReader inner)
    {
        var result = new List<CertificateExtension>();
        for (var attributes = inner.ReadSetOf(skipSortOrderValidation: true, new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)); attributes.HasData;)
        {
            var attribute = attributes.ReadSequence();
            if (attribute.ReadObjectIdentifier() == ExtensionRequestOid)
                result.AddRange(Certificate.ReadExtensionList(attribute.ReadSetOf(skipSortOrderValidation: true).ReadSequence()));
        }

        return result;
    }
}
