using System.Numerics;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>Keys in the form of Go's types marshalled to JSON.</summary>
internal static class KeyValue
{
    public static RegoValue OfPublic(SigningKey? key)
    {
        var result = new RegoObjectBuilder();
        switch (key)
        {
            case RsaKey rsa:
                AddPublic(result, rsa);
                return result.ToObject();
            case EcKey ec:
                AddPublic(result, ec);
                return result.ToObject();
            case Ed25519Key ed:
                return Bytes(ed.Point);
            default:
                return RegoNull.Value;
        }
    }

    public static RegoValue OfPrivate(SigningKey key)
    {
        var result = new RegoObjectBuilder();
        switch (key)
        {
            case RsaKey rsa:
                AddPublic(result, rsa);
                result.Set("D", Number(rsa.Numbers.D));
                result.Set("Primes", RegoArray.Of(Number(rsa.Numbers.P), Number(rsa.Numbers.Q)));
                result.Set("Precomputed", Precomputed(rsa));
                return result.ToObject();
            case EcKey ec:
                AddPublic(result, ec);
                result.Set("D", Number(ec.Numbers.D));
                return result.ToObject();
            case Ed25519Key { Seed: not null } ed:
                return Bytes([.. ed.Seed, .. ed.Point]);
            default:
                return RegoNull.Value;
        }
    }

    /// <summary>A private key as a JSON Web Key.</summary>
    public static RegoObject? OfJwk(SigningKey key)
    {
        var result = new RegoObjectBuilder();
        switch (key)
        {
            case RsaKey { Numbers: var numbers }:
                Add(result, ("kty", "RSA"), ("n", Url(numbers.Modulus)), ("e", Url(numbers.Exponent)), ("d", Url(numbers.D)), ("p", Url(numbers.P)));
                Add(result, ("q", Url(numbers.Q)), ("dp", Url(numbers.DP)), ("dq", Url(numbers.DQ)), ("qi", Url(numbers.InverseQ)));
                return result.ToObject();
            case EcKey { Numbers: var numbers } ec:
                var curve = ec.CurveOid == EcKey.P256 ? "P-256" : ec.CurveOid == EcKey.P384 ? "P-384" : "P-521";
                Add(result, ("kty", "EC"), ("crv", curve));
                Add(result, ("x", Tokens.Base64Url.Encode(numbers.Q.X)), ("y", Tokens.Base64Url.Encode(numbers.Q.Y)), ("d", Tokens.Base64Url.Encode(numbers.D)));
                return result.ToObject();
            default:
                return null;
        }
    }

    public static RegoValue Bytes(ReadOnlySpan<byte> bytes) => new RegoString(Convert.ToBase64String(bytes));

    private static RegoObject Precomputed(RsaKey rsa)
    {
        var result = new RegoObjectBuilder();
        result.Set("Dp", Number(rsa.Numbers.DP));
        result.Set("Dq", Number(rsa.Numbers.DQ));
        result.Set("Qinv", Number(rsa.Numbers.InverseQ));
        result.Set("CRTValues", RegoArray.Empty);
        return result.ToObject();
    }

    private static void AddPublic(RegoObjectBuilder result, RsaKey rsa)
    {
        result.Set("N", RegoNumber.Of(rsa.Modulus));
        result.Set("E", RegoNumber.Of(rsa.Exponent));
    }

    private static void AddPublic(RegoObjectBuilder result, EcKey ec)
    {
        result.Set("Curve", RegoObject.Empty);
        result.Set("X", Number(ec.Numbers.Q.X));
        result.Set("Y", Number(ec.Numbers.Q.Y));
    }

    private static RegoNumber Number(byte[]? bigEndian) => RegoNumber.Of(bigEndian is null ? BigInteger.Zero : RsaNumbers.Number(bigEndian));

    private static string Url(byte[]? number) => Tokens.Base64Url.Encode(number.AsSpan().TrimStart((byte)0));

    private static void Add(RegoObjectBuilder result, params ReadOnlySpan<(string Name, string Text)> members)
    {
        foreach (var (name, text) in members)
            result.Set(name, new RegoString(text));
    }
}
