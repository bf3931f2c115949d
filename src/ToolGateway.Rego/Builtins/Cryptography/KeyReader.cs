using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>Reads keys from DER. What is no key of a known kind gives null.</summary>
internal static class KeyReader
{
    public const string RsaOid = "1.2.840.113549.1.1.1";
    public const string EcOid = "1.2.840.10045.2.1";
    public const string Ed25519Oid = "1.3.101.112";

    /// <summary>A SubjectPublicKeyInfo.</summary>
    public static SigningKey? ReadPublic(ReadOnlyMemory<byte> der) => Try(der, static reader =>
    {
        var info = reader.ReadSequence();
        var algorithm = info.ReadSequence();
        var oid = algorithm.ReadObjectIdentifier();
        var bits = info.ReadBitString(out _);
        return oid switch
        {
            RsaOid => ReadRsaPublic(new AsnReader(bits, AsnEncodingRules.DER).ReadSequence()),
            EcOid => ReadPoint(algorithm.ReadObjectIdentifier(), bits, null),
            Ed25519Oid when bits.Length == Ed25519.KeySize => new Ed25519Key(bits, null),
            _ => null,
        };
    });

    /// <summary>The public key of PKCS #1.</summary>
    public static SigningKey? ReadPkcs1Public(ReadOnlyMemory<byte> der) => Try(der, static reader => ReadRsaPublic(reader.ReadSequence()));

    /// <summary>PKCS #8.</summary>
    public static SigningKey? ReadPkcs8(ReadOnlyMemory<byte> der) => Try(der, static reader =>
    {
        var info = reader.ReadSequence();
        info.ReadInteger();
        var algorithm = info.ReadSequence();
        var oid = algorithm.ReadObjectIdentifier();
        var key = info.ReadOctetString();
        return oid switch
        {
            RsaOid => ReadRsaPrivate(key),
            EcOid => ReadEcPrivate(key, algorithm.ReadObjectIdentifier()),
            Ed25519Oid => ReadSeed(new AsnReader(key, AsnEncodingRules.DER).ReadOctetString()),
            _ => null,
        };
    });

    /// <summary>PKCS #1.</summary>
    public static SigningKey? ReadRsaPrivate(ReadOnlyMemory<byte> der) => Try(der, static reader =>
    {
        var key = reader.ReadSequence();
        key.ReadInteger();
        var numbers = new byte[8][];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = Unsigned(key);
        return CreateRsa(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]);
    });

    /// <summary>SEC 1; the curve may be given by what encloses it.</summary>
    public static SigningKey? ReadEcPrivate(ReadOnlyMemory<byte> der, string? curve = null) => Try(der, reader =>
    {
        var key = reader.ReadSequence();
        key.ReadInteger();
        var d = key.ReadOctetString();
        var named = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (key.HasData && key.PeekTag() == named)
            curve = key.ReadSequence(named).ReadObjectIdentifier();
        if (curve is null)
            return null;
        var point = new Asn1Tag(TagClass.ContextSpecific, 1, isConstructed: true);
        return key.HasData && key.PeekTag() == point ? ReadPoint(curve, key.ReadSequence(point).ReadBitString(out _), d) : DerivePoint(curve, d);
    });

    /// <summary>An RSA key of its numbers; the numbers of the Chinese remainder theorem may be missing where the primes are not.</summary>
    public static RsaKey? CreateRsa(byte[] n, byte[] e, byte[] d, byte[] p, byte[] q, byte[] dp, byte[] dq, byte[] qInverse)
    {
        var size = n.Length;
        var half = (size + 1) / 2;
        if (EcKey.Fit(d, size) is not { } fitD || EcKey.Fit(p, half) is not { } fitP || EcKey.Fit(q, half) is not { } fitQ
            || EcKey.Fit(dp, half) is not { } fitDp || EcKey.Fit(dq, half) is not { } fitDq || EcKey.Fit(qInverse, half) is not { } fitInverse)
            return null;
        var numbers = new RSAParameters
        {
            Modulus = n,
            Exponent = e,
            D = fitD,
            P = fitP,
            Q = fitQ,
            DP = fitDp,
            DQ = fitDq,
            InverseQ = fitInverse,
        };
        return RsaKey.Create(numbers);
    }

    public static Ed25519Key? ReadSeed(byte[] seed) => seed.Length == Ed25519.KeySize ? new Ed25519Key(Ed25519.PublicKey(seed), seed) : null;

    private static RsaKey? ReadRsaPublic(AsnReader key) => RsaKey.Create(new RSAParameters { Modulus = Unsigned(key), Exponent = Unsigned(key) });

    private static EcKey? ReadPoint(string curve, byte[] point, byte[]? d)
    {
        // Only uncompressed points, as in Go.
        if (point.Length == 0 || point[0] != 4 || point.Length % 2 != 1)
            return null;
        var size = point.Length / 2;
        return EcKey.Create(curve, point[1..(1 + size)], point[(1 + size)..], d);
    }

    private static EcKey? DerivePoint(string curve, byte[] d)
    {
        if (curve is not (EcKey.P256 or EcKey.P384 or EcKey.P521) || EcKey.Fit(d, EcKey.SizeOf(curve)) is not { } fit)
            return null;
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.CreateFromValue(curve), D = fit });
        var numbers = key.ExportParameters(includePrivateParameters: true);
        return new EcKey(curve, numbers);
    }

    private static byte[] Unsigned(AsnReader reader) => reader.ReadIntegerBytes().Span.TrimStart((byte)0).ToArray();

    private static SigningKey? Try(ReadOnlyMemory<byte> der, Func<AsnReader, SigningKey?> read)
    {
        try
        {
            return read(new AsnReader(der, AsnEncodingRules.DER));
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            // Malformed DER is an ordinary answer here, and AsnReader knows no other way to give it.
            return null;
        }
    }
}
