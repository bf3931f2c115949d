using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ToolGateway.Identity.Tokens;

/// <summary>A public key of a JWK Set and the algorithms that it may verify.</summary>
internal sealed record VerificationKey(string? KeyId, SecurityKey Key, IReadOnlyList<string> Algorithms)
{
    /// <summary>When its publisher says that it ends: the JWK's <c>exp</c> or the certificate in <c>x5c</c>. Shown to operators; what ends the use of a key is that it is published no more.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    private const int MinRsaBits = 2048;

    private static readonly string[] Rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    /// <summary>Every signature algorithm that tokens may use.</summary>
    public static IReadOnlyList<string> AllAlgorithms { get; } = [.. Rsa, "ES256", "ES384", "ES512"];

    /// <summary>
    /// Reads a JWK. Null without a problem: a key that is not for verifying signatures here; null with one: a key that cannot be used.
    /// </summary>
    public static VerificationKey? Read(JsonElement jwk, out string? problem)
    {
        problem = null;
        try
        {
            if (!CanVerify(jwk))
                return null;
            if (jwk.TryGetProperty("d", out _))
            {
                problem = "holds a private key; publish only the public part";
                return null;
            }

            return Text(jwk, "kty") switch
            {
                "RSA" => ReadRsa(jwk, out problem),
                "EC" => ReadEllipticCurve(jwk, out problem),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or CryptographicException)
        {
            problem = "is not a well-formed RSA or EC key; write kty with n and e, or kty with crv, x and y, in base64url";
            return null;
        }
    }

    private static bool CanVerify(JsonElement jwk) =>
        !jwk.TryGetProperty("key_ops", out var operations) || operations.EnumerateArray().Any(operation => operation.GetString() == "verify");

    private static VerificationKey? ReadRsa(JsonElement jwk, out string? problem)
    {
        problem = null;
        var parameters = new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") };
        using var rsa = RSA.Create(parameters);
        if (rsa.KeySize < MinRsaBits)
        {
            problem = $"has {rsa.KeySize} bits; RSA keys need at least {MinRsaBits}";
            return null;
        }

        return Create(jwk, new RsaSecurityKey(parameters), Rsa);
    }

    private static VerificationKey? ReadEllipticCurve(JsonElement jwk, out string? problem)
    {
        problem = null;
        var (curve, algorithm) = Text(jwk, "crv") switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, "ES256"),
            "P-384" => (ECCurve.NamedCurves.nistP384, "ES384"),
            "P-521" => (ECCurve.NamedCurves.nistP521, "ES512"),
            _ => (default, ""),
        };
        if (algorithm.Length == 0)
            return null;
        var key = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") } });
        return Create(jwk, new ECDsaSecurityKey(key), [algorithm]);
    }

    private static VerificationKey? Create(JsonElement jwk, SecurityKey key, string[] algorithms)
    {
        key.KeyId = Text(jwk, "kid");
        var declared = Text(jwk, "alg");
        return new VerificationKey(key.KeyId, key, declared is null ? algorithms : [.. algorithms.Where(algorithm => algorithm == declared)]) { EndsAt = KeyEnd.Of(jwk) };
    }

    private static string? Text(JsonElement jwk, string name) => jwk.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static byte[] Bytes(JsonElement jwk, string name) => Base64Url.DecodeFromChars(Text(jwk, name) ?? throw new FormatException(name));
}
