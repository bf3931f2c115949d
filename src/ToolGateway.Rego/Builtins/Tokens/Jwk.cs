using System.Security.Cryptography;
using ToolGateway.Rego.Builtins.Cryptography;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Tokens;

/// <summary>A key with what a key set says about it; empty when it says nothing.</summary>
internal sealed record TokenKey(SigningKey Key, string Algorithm, string Id);

/// <summary>Reads JSON Web Keys and key sets.</summary>
internal static class Jwk
{
    /// <summary>The keys of a key or key set; null with the reason in <paramref name="error"/>.</summary>
    public static List<TokenKey>? ReadAll(RegoValue json, out string error)
    {
        error = "";
        var keys = new List<TokenKey>();
        if (json is not RegoObject map)
        {
            error = "failed to unmarshal JWK set: not an object";
            return null;
        }

        if (!map.TryGetValue("keys", out var set))
            return Add(keys, map, ref error) ? keys : null;
        if (set is not RegoArray array)
        {
            error = "failed to unmarshal JWK set: keys must be an array";
            return null;
        }

        foreach (var item in array.Items)
        {
            if (!Add(keys, item, ref error))
                return null;
        }

        return keys;
    }

    private static bool Add(List<TokenKey> keys, RegoValue item, ref string error)
    {
        var type = item is RegoObject map ? Text(map, "kty") : "";
        SigningKey? key = item is not RegoObject members ? null : type switch
        {
            "RSA" => ReadRsa(members),
            "EC" => ReadEc(members),
            "OKP" => ReadEd25519(members),
            "oct" => Bytes(members, "k") is { } secret ? new SecretKey(secret) : null,
            _ => null,
        };
        if (key is null)
        {
            error = $"failed to unmarshal JWK: invalid or unsupported key (kty \"{type}\")";
            return false;
        }

        keys.Add(new TokenKey(key, Text((RegoObject)item, "alg"), Text((RegoObject)item, "kid")));
        return true;
    }

    private static RsaKey? ReadRsa(RegoObject map)
    {
        if (Bytes(map, "n") is not { } n || Bytes(map, "e") is not { } e)
            return null;
        if (Bytes(map, "d") is not { } d)
            return RsaKey.Create(new RSAParameters { Modulus = n, Exponent = e });
        if (Bytes(map, "p") is not { } p || Bytes(map, "q") is not { } q)
            return null;
        var (dp, dq, qi) = RsaNumbers.Complete(d, p, q);
        return KeyReader.CreateRsa(n, e, d, p, q, dp, dq, qi);
    }

    private static EcKey? ReadEc(RegoObject map)
    {
        var oid = Text(map, "crv") switch
        {
            "P-256" => EcKey.P256,
            "P-384" => EcKey.P384,
            "P-521" => EcKey.P521,
            _ => "",
        };
        return Bytes(map, "x") is { } x && Bytes(map, "y") is { } y ? EcKey.Create(oid, x, y, Bytes(map, "d")) : null;
    }

    private static Ed25519Key? ReadEd25519(RegoObject map)
    {
        if (Text(map, "crv") != "Ed25519" || Bytes(map, "x") is not { Length: Ed25519.KeySize } point)
            return null;
        var seed = Bytes(map, "d");
        return seed is null or { Length: Ed25519.KeySize } ? new Ed25519Key(point, seed) : null;
    }

    private static string Text(RegoObject map, string name) => map.TryGetValue(name, out var value) && value is RegoString text ? text.Value : "";

    private static byte[]? Bytes(RegoObject map, string name)
    {
        var text = Text(map, name).TrimEnd('=');
        return text.Length == 0 ? null : Base64Url.Decode(text, out _);
    }
}
