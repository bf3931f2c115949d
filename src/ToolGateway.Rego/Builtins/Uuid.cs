using System.Buffers.Binary;
using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>uuid.parse and uuid.rfc4122.</summary>
internal static class Uuid
{
    // From the start of the Gregorian calendar to 1970, in units of 100 ns.
    private const long GregorianOffset = 122_192_928_000_000_000;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("uuid.parse(uuid:string) -> object[string:any]", Parse),
        Signature.Declare("uuid.rfc4122(k:string) -> string", Generate, BuiltinTraits.Nondeterministic),
    ];

    private static RegoValue? Generate(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out _))
            return null;
        var key = ("uuid.rfc4122", args[0]);
        if (context.Memory.TryGetValue(key, out var known))
            return known;
        var bytes = new byte[16];
#pragma warning disable CA5394 // An identifier, not a secret; the host may inject a seeded source to repeat an evaluation.
        context.Random.NextBytes(bytes);
#pragma warning restore CA5394
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return context.Memory[key] = new RegoString(new Guid(bytes, bigEndian: true).ToString("D"));
    }

    private static RegoObject? Parse(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text) || Read(text) is not { } bytes)
            return null;
        var version = bytes[6] >> 4;
        var parts = new RegoObjectBuilder();
        parts.Set("version", RegoNumber.Of(version));
        parts.Set("variant", new RegoString(Variant(bytes[8])));
        if (version is 1 or 2)
            AddTimeBased(parts, bytes, version);
        return parts.ToObject();
    }

    private static void AddTimeBased(RegoObjectBuilder parts, byte[] bytes, int version)
    {
        var time = (long)BinaryPrimitives.ReadUInt32BigEndian(bytes) |
            ((long)BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(4)) << 32) |
            ((long)(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(6)) & 0xfff) << 48);
        parts.Set("time", RegoNumber.Of((System.Numerics.BigInteger)(time - GregorianOffset) * 100));
        parts.Set("nodeid", new RegoString(string.Join('-', bytes[10..].Select(b => b.ToString("x2", CultureInfo.InvariantCulture)))));
        parts.Set("macvariables", new RegoString((bytes[10] & 3) switch { 0 => "global:unicast", 1 => "global:multicast", 2 => "local:unicast", _ => "local:multicast" }));
        parts.Set("clocksequence", RegoNumber.Of(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(8)) & 0x3fff));
        if (version != 2)
            return;
        parts.Set("id", RegoNumber.Of(BinaryPrimitives.ReadUInt32BigEndian(bytes)));
        parts.Set("domain", new RegoString(bytes[9] switch { 0 => "Person", 1 => "Group", 2 => "Org", var other => "Domain" + other }));
    }

    private static string Variant(byte b) => (b >> 5) switch { 4 or 5 => "RFC4122", 6 => "Microsoft", 7 => "Future", _ => "Reserved" };

    // Plain, in braces, with the URN prefix, and without dashes.
    private static byte[]? Read(string text)
    {
        switch (text.Length)
        {
            case 45 when text.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase):
                text = text[9..];
                break;
            case 38:
                text = text[1..37];
                break;
            case 32:
                return Guid.TryParseExact(text, "N", out var dense) ? dense.ToByteArray(bigEndian: true) : null;
            default:
                break;
        }

        return text.Length == 36 && Guid.TryParseExact(text, "D", out var parsed) ? parsed.ToByteArray(bigEndian: true) : null;
    }
}
