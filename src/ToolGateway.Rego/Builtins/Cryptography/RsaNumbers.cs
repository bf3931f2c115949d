using System.Numerics;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>The numbers of an RSA key that follow from the others.</summary>
internal static class RsaNumbers
{
    /// <summary>d mod p−1, d mod q−1 and the inverse of q mod p.</summary>
    public static (byte[] Dp, byte[] Dq, byte[] QInverse) Complete(byte[] d, byte[] p, byte[] q)
    {
        var (exponent, first, second) = (Number(d), Number(p), Number(q));
        if (first <= 2 || second <= 1)
            return ([], [], []);
        return (Bytes(exponent % (first - 1)), Bytes(exponent % (second - 1)), Bytes(BigInteger.ModPow(second, first - 2, first)));
    }

    public static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number) => number.ToByteArray(isUnsigned: true, isBigEndian: true);
}
