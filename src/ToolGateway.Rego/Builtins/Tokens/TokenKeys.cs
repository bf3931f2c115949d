using ToolGateway.Rego.Builtins.Cryptography;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Tokens;

/// <summary>The keys in a PEM certificate or public key, or in a JWK or key set.</summary>
internal static class TokenKeys
{
    /// <summary>The keys, without those of algorithms that OPA does not know; null with the reason in <paramref name="error"/>.</summary>
    public static List<TokenKey>? Read(string text, out string error)
    {
        if (Pem.Decode(text, out var rest) is { } block)
        {
            if (rest.Length == 0)
                return ReadPem(block, out error) is { } key ? [new TokenKey(key, "", "")] : null;
            error = "extra data after a PEM certificate block";
            return null;
        }

        List<TokenKey>? keys = null;
        if (RegoJson.TryParse(text, out var json, out var reason))
            keys = Jwk.ReadAll(json, out reason);
        error = keys is null ? $"failed to parse a JWK key (set): {reason}" : "";
        return keys?.FindAll(key => key.Algorithm.Length == 0 || TokenAlgorithm.IsKnown(key.Algorithm));
    }

    private static SigningKey? ReadPem(PemBlock block, out string error)
    {
        error = "";
        switch (block.Type)
        {
            case "CERTIFICATE" when Certificate.Parse(block.Bytes, out _) is { Key: not null } certificate:
                return certificate.Key;
            case "CERTIFICATE":
                error = $"failed to parse a PEM certificate: {Certificate.Malformed}";
                return null;
            case "PUBLIC KEY":
                var key = KeyReader.ReadPublic(block.Bytes);
                error = key is null ? "failed to parse a PEM public key: x509: malformed or unsupported public key" : "";
                return key;
            default:
                error = "failed to extract a Key from the PEM certificate";
                return null;
        }
    }

    /// <summary>
    /// Whether one of the keys made the signature: the one that the token names if it is there, else any whose algorithm does not contradict the token's.
    /// </summary>
    public static bool AnyVerifies(List<TokenKey> keys, string keyId, string headerAlgorithm, string algorithm, Jwt token, byte[] signature)
    {
        var signed = token.Signed;
        if (keyId.Length > 0 && keys.Find(key => key.Id == keyId) is { } named)
            return TokenAlgorithm.Verify(named.Key, algorithm, signed, signature);
        return keys.Exists(key =>
            (key.Algorithm.Length == 0 || key.Algorithm == headerAlgorithm) && TokenAlgorithm.Verify(key.Key, algorithm, signed, signature));
    }
}
