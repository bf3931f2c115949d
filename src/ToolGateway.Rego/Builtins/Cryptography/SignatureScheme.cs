using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>How a certificate is signed.</summary>
/// <param name="Number">Go's x509.SignatureAlgorithm; 0 is one that Go does not know.</param>
internal sealed record SignatureScheme(int Number, HashAlgorithmName Hash)
{
    private const int Ed25519Number = 16;

    public static SignatureScheme Read(AsnReader algorithm)
    {
        var oid = algorithm.ReadObjectIdentifier();
        return oid switch
        {
            "1.2.840.113549.1.1.4" => new(2, HashAlgorithmName.MD5),
            "1.2.840.113549.1.1.5" or "1.3.14.3.2.29" => new(3, HashAlgorithmName.SHA1),
            "1.2.840.113549.1.1.11" => new(4, HashAlgorithmName.SHA256),
            "1.2.840.113549.1.1.12" => new(5, HashAlgorithmName.SHA384),
            "1.2.840.113549.1.1.13" => new(6, HashAlgorithmName.SHA512),
            "1.2.840.10040.4.3" => new(7, HashAlgorithmName.SHA1),
            "2.16.840.1.101.3.4.3.2" => new(8, HashAlgorithmName.SHA256),
            "1.2.840.10045.4.1" => new(9, HashAlgorithmName.SHA1),
            "1.2.840.10045.4.3.2" => new(10, HashAlgorithmName.SHA256),
            "1.2.840.10045.4.3.3" => new(11, HashAlgorithmName.SHA384),
            "1.2.840.10045.4.3.4" => new(12, HashAlgorithmName.SHA512),
            "1.2.840.113549.1.1.10" => ReadPss(algorithm),
            KeyReader.Ed25519Oid => new(Ed25519Number, default),
            _ => new(0, default),
        };
    }

    /// <summary>Whether <paramref name="signature"/> is one of <paramref name="text"/>. Schemes on MD5 and SHA-1 never verify, as in Go.</summary>
    public bool Verify(SigningKey? key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) => key switch
    {
        RsaKey rsa when Number is 4 or 5 or 6 => VerifyRsa(rsa, text, signature, RSASignaturePadding.Pkcs1),
        RsaKey rsa when Number is 13 or 14 or 15 => VerifyRsa(rsa, text, signature, RSASignaturePadding.Pss),
        EcKey ec when Number is 10 or 11 or 12 => VerifyEc(ec, text, signature),
        Ed25519Key ed when Number == Ed25519Number => Ed25519.Verify(ed.Point, text, signature),
        _ => false,
    };

    private bool VerifyRsa(RsaKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, RSASignaturePadding padding)
    {
        using var rsa = key.Open();
        return rsa.VerifyData(text, signature, Hash, padding);
    }

    private bool VerifyEc(EcKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        using var ec = key.Open();
        return ec.VerifyData(text, signature, Hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static SignatureScheme ReadPss(AsnReader algorithm)
    {
        var hash = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!algorithm.HasData)
            return new(0, default);
        var parameters = algorithm.ReadSequence();
        if (!parameters.HasData || parameters.PeekTag() != hash)
            return new(0, default);
        return parameters.ReadSequence(hash).ReadSequence().ReadObjectIdentifier() switch
        {
            "2.16.840.1.101.3.4.2.1" => new(13, HashAlgorithmName.SHA256),
            "2.16.840.1.101.3.4.2.2" => new(14, HashAlgorithmName.SHA384),
            "2.16.840.1.101.3.4.2.3" => new(15, HashAlgorithmName.SHA512),
            _ => new(0, default),
        };
    }
}
