using System.Numerics;
using System.Security.Cryptography;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>A key that checks signatures; a private one also makes them.</summary>
internal abstract record SigningKey;

/// <summary>An RSA key; the private numbers are null in a public one.</summary>
internal sealed record RsaKey(RSAParameters Numbers) : SigningKey
{
    public bool IsPrivate => Numbers.D is not null;

    public BigInteger Modulus => new(Numbers.Modulus, isUnsigned: true, isBigEndian: true);

    public BigInteger Exponent => new(Numbers.Exponent, isUnsigned: true, isBigEndian: true);

    public RSA Open() => RSA.Create(Numbers);

    /// <summary>The key, or null when the platform refuses its numbers.</summary>
    public static RsaKey? Create(RSAParameters numbers)
    {
        try
        {
            using var key = RSA.Create(numbers);
            return new RsaKey(numbers);
        }
        catch (CryptographicException)
        {
            // The platform's way of saying that the numbers make no key.
            return null;
        }
    }
}

/// <summary>An elliptic-curve key.</summary>
internal sealed record EcKey(string CurveOid, ECParameters Numbers) : SigningKey
{
    public const string P256 = "1.2.840.10045.3.1.7";
    public const string P384 = "1.3.132.0.34";
    public const string P521 = "1.3.132.0.35";

    /// <summary>Bytes of a coordinate.</summary>
    public int Size => SizeOf(CurveOid);

    public ECDsa Open() => ECDsa.Create(Numbers);

    public static int SizeOf(string oid) => oid switch
    {
        P256 => 32,
        P384 => 48,
        _ => 66,
    };

    /// <summary>The key, or null for a curve that is not P-256, P-384 or P-521 or a point that is not on it.</summary>
    public static EcKey? Create(string oid, byte[] x, byte[] y, byte[]? d)
    {
        if (oid is not (P256 or P384 or P521))
            return null;
        var size = SizeOf(oid);
        if (Fit(x, size) is not { } fitX || Fit(y, size) is not { } fitY || (d is not null && Fit(d, size) is null))
            return null;
        var numbers = new ECParameters
        {
            Curve = ECCurve.CreateFromValue(oid),
            Q = new ECPoint { X = fitX, Y = fitY },
            D = d is null ? null : Fit(d, size),
        };
        return IsUsable(numbers) ? new EcKey(oid, numbers) : null;
    }

    /// <summary>The number in exactly <paramref name="size"/> bytes, or null when it is larger.</summary>
    public static byte[]? Fit(ReadOnlySpan<byte> number, int size)
    {
        number = number.TrimStart((byte)0);
        if (number.Length > size)
            return null;
        var result = new byte[size];
        number.CopyTo(result.AsSpan(size - number.Length));
        return result;
    }

    private static bool IsUsable(ECParameters numbers)
    {
        try
        {
            using var key = ECDsa.Create(numbers);
            return true;
        }
        catch (CryptographicException)
        {
            // The platform's way of saying that a point is not on the curve.
            return false;
        }
    }
}

/// <summary>An Ed25519 key.</summary>
internal sealed record Ed25519Key(byte[] Point, byte[]? Seed) : SigningKey;

/// <summary>A shared secret.</summary>
internal sealed record SecretKey(byte[] Bytes) : SigningKey;
