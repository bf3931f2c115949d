using System.Security.Cryptography;
using ToolGateway.Rego.Builtins.Cryptography;

namespace ToolGateway.Rego.Builtins.Tokens;

/// <summary>The signature algorithms of tokens, by their names in JWA.</summary>
internal static class TokenAlgorithm
{
    public static bool IsKnown(string name) => name is "EdDSA" || (name.Length == 5 && name[..2] is "RS" or "PS" or "ES" or "HS" && name[2..] is "256" or "384" or "512");

    public static HashAlgorithmName HashOf(string name) => name[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    /// <summary>Whether <paramref name="signature"/> is one of <paramref name="text"/>; false too when the key is of another kind than the algorithm's.</summary>
    public static bool Verify(SigningKey key, string algorithm, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (!IsKnown(algorithm))
            return false;
        return (algorithm[..2], key) switch
        {
            ("RS", RsaKey rsa) => VerifyRsa(rsa, text, signature, HashOf(algorithm), RSASignaturePadding.Pkcs1),
            ("PS", RsaKey rsa) => VerifyRsa(rsa, text, signature, HashOf(algorithm), RSASignaturePadding.Pss),
            ("ES", EcKey ec) => VerifyEc(ec, text, signature, HashOf(algorithm)),
            ("Ed", Ed25519Key ed) => Ed25519.Verify(ed.Point, text, signature),
            ("HS", SecretKey secret) => CryptographicOperations.FixedTimeEquals(CryptographicOperations.HmacData(HashOf(algorithm), secret.Bytes, text), signature),
            _ => false,
        };
    }

    /// <summary>A signature, or null when the key is of another kind or not private.</summary>
    public static byte[]? Sign(SigningKey key, string algorithm, ReadOnlySpan<byte> text)
    {
        switch (algorithm[..2], key)
        {
            case ("RS" or "PS", RsaKey { IsPrivate: true } rsa):
                using (var opened = rsa.Open())
                    return opened.SignData(text, HashOf(algorithm), algorithm[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
            case ("ES", EcKey { Numbers.D: not null } ec):
                using (var opened = ec.Open())
                    return opened.SignData(text, HashOf(algorithm));
            case ("Ed", Ed25519Key { Seed: not null } ed):
                return Ed25519.Sign(ed.Seed, text);
            case ("HS", SecretKey secret):
                return CryptographicOperations.HmacData(HashOf(algorithm), secret.Bytes, text);
            default:
                return null;
        }
    }

    private static bool VerifyRsa(RsaKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var rsa = key.Open();
        return rsa.VerifyData(text, signature, hash, padding);
    }

    /// <summary>The two halves of a signature are numbers of any length, as in Go.</summary>
    private static bool VerifyEc(EcKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        var half = signature.Length / 2;
        if (EcKey.Fit(signature[..half], key.Size) is not { } r || EcKey.Fit(signature[half..], key.Size) is not { } s)
            return false;
        using var ec = key.Open();
        return ec.VerifyData(text, [.. r, .. s], hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
