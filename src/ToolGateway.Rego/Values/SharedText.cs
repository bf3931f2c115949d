using System.Buffers.Binary;
using System.Text;

namespace ToolGateway.Rego.Values;

/// <summary>
/// One object for equal short texts, as far as a small table goes: the member names of policies, data and inputs are the same few, and looking a name up is
/// comparing references then. A place is simply taken over by the next text that falls on it; nothing depends on what the table holds.
/// </summary>
internal static class SharedText
{
    private const int PlaceBits = 12;
    private const int Longest = 40;

    private static readonly RegoString?[] Table = new RegoString?[1 << PlaceBits];

    /// <summary>The text, or an equal one that is shared.</summary>
    public static RegoString Of(RegoString text)
    {
        if (text.Value.Length is 0 or > Longest || !Ascii.IsValid(text.Value))
            return text;
        Span<byte> bytes = stackalloc byte[Longest];
        Ascii.FromUtf16(text.Value, bytes, out var length);
        ref var place = ref Table[PlaceOf(bytes[..length])];
        return place is { } known && RegoString.Same(known.Value, text.Value) ? known : place = text;
    }

    /// <summary>The text of a member's name.</summary>
    public static RegoString OfName(ReadOnlySpan<byte> utf8)
    {
        if (Find(utf8, out var place) is { } known)
            return known;
        var text = RegoString.Of(Encoding.UTF8.GetString(utf8));
        if (place >= 0 && text.Value.Length == utf8.Length)
            Table[place] = text;
        return text;
    }

    /// <summary>A text that is no name: it may be shared with one, but takes no place.</summary>
    public static RegoString OfValue(ReadOnlySpan<byte> utf8) => Find(utf8, out _) ?? RegoString.Of(Encoding.UTF8.GetString(utf8));

    private static RegoString? Find(ReadOnlySpan<byte> utf8, out int place)
    {
        place = -1;
        if (utf8.Length is 0 or > Longest)
            return null;
        place = PlaceOf(utf8);
        return Table[place] is { } known && known.Value.Length == utf8.Length && Ascii.Equals(utf8, known.Value) ? known : null;
    }

    // Length, beginning and end tell names apart well enough, at the same cost for all of them.
    private static int PlaceOf(ReadOnlySpan<byte> text)
    {
        ulong hash = (uint)text.Length;
        if (text.Length >= sizeof(ulong))
            hash ^= BinaryPrimitives.ReadUInt64LittleEndian(text) ^ (BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]) * 0xC2B2AE3D27D4EB4Fu);
        else if (text.Length >= sizeof(uint))
            hash ^= ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]);
        else
            hash ^= ((ulong)text[0] << 40) | ((ulong)text[text.Length / 2] << 24) | ((ulong)text[^1] << 8);
        return (int)((hash * 0x9E3779B97F4A7C15u) >> (64 - PlaceBits));
    }
}
