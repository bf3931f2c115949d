using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>
/// Ed25519 (RFC 8032), which the base library lacks. Written for clarity over speed, and not in constant time: signing with it is for policies that make tokens for tests
/// and tools, verification handles only public values.
/// </summary>
internal static class Ed25519
{
    public const int KeySize = 32;
    public const int SignatureSize = 64;

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (Prime - 1) / 4, Prime);
    private static readonly Point Identity = new(0, 1, 1, 0);
    private static readonly Point Base = Decompress(BasePoint())!.Value;

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize || Decompress(publicKey) is not { } key)
            return false;
        var s = ToNumber(signature[KeySize..]);
        if (s >= Order)
            return false;
        var k = HashToScalar(signature[..KeySize], publicKey, message);
        var check = Add(Multiply(Base, s), Multiply(Negate(key), k));
        return Compress(check).AsSpan().SequenceEqual(signature[..KeySize]);
    }

    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        var hash = SHA512.HashData(seed);
        var scalar = Clamp(hash);
        var publicKey = Compress(Multiply(Base, scalar));
        var r = HashToScalar(hash.AsSpan(KeySize), message);
        var point = Compress(Multiply(Base, r));
        var s = (r + (HashToScalar(point, publicKey, message) * scalar)) % Order;
        return [.. point, .. ToBytes(s)];
    }

    public static byte[] PublicKey(ReadOnlySpan<byte> seed) => Compress(Multiply(Base, Clamp(SHA512.HashData(seed))));

    private static BigInteger Clamp(ReadOnlySpan<byte> hash)
    {
        var bytes = hash[..KeySize].ToArray();
        bytes[0] &= 0xF8;
        bytes[31] = (byte)((bytes[31] & 0x7F) | 0x40);
        return ToNumber(bytes);
    }

    private static BigInteger HashToScalar(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(a);
        hash.AppendData(b);
        hash.AppendData(c);
        return ToNumber(hash.GetHashAndReset()) % Order;
    }

    private static byte[] BasePoint()
    {
        // y = 4/5, x even.
        return ToBytes(Mod(4 * Inverse(5)));
    }

    private static Point? Decompress(ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        var odd = (copy[31] & 0x80) != 0;
        copy[31] &= 0x7F;
        var y = ToNumber(copy);
        if (y >= Prime)
            return null;
        var square = Mod(((y * y) - 1) * Inverse(Mod((D * y * y) + 1)));
        var x = BigInteger.ModPow(square, (Prime + 3) / 8, Prime);
        if (Mod((x * x) - square) != 0)
            x = Mod(x * RootOfMinusOne);
        if (Mod((x * x) - square) != 0 || (x.IsZero && odd))
            return null;
        if (x.IsEven == odd)
            x = Prime - x;
        return new Point(x, y, 1, Mod(x * y));
    }

    private static byte[] Compress(Point point)
    {
        var inverse = Inverse(point.Z);
        var bytes = ToBytes(Mod(point.Y * inverse));
        if (!Mod(point.X * inverse).IsEven)
            bytes[31] |= 0x80;
        return bytes;
    }

    private static Point Multiply(Point point, BigInteger scalar)
    {
        var result = Identity;
        for (var bit = (int)scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            result = Add(result, result);
            if (!(scalar >> bit).IsEven)
                result = Add(result, point);
        }

        return result;
    }

    private static Point Add(Point p, Point q)
    {
        var a = Mod((p.Y - p.X) * (q.Y - q.X));
        var b = Mod((p.Y + p.X) * (q.Y + q.X));
        var c = Mod(2 * p.T * q.T * D);
        var d = Mod(2 * p.Z * q.Z);
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static Point Negate(Point p) => new(Mod(-p.X), p.Y, p.Z, Mod(-p.T));

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(value, Prime - 2, Prime);

    private static BigInteger Mod(BigInteger value)
    {
        var rest = value % Prime;
        return rest.Sign < 0 ? rest + Prime : rest;
    }

    private static BigInteger ToNumber(ReadOnlySpan<byte> littleEndian) => new(littleEndian, isUnsigned: true);

    private static byte[] ToBytes(BigInteger value)
    {
        var bytes = new byte[KeySize];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    /// <summary>A point in extended coordinates.</summary>
    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
