using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Canonical;

/// <summary>Strings as RFC 8785 writes them: short escapes where JSON has them, <c>\u00xx</c> for other controls, everything else as it is.</summary>
internal static class JcsText
{
    private static readonly System.Buffers.SearchValues<byte> Special =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    public static void Write(RecordBuffer target, ReadOnlySpan<byte> utf8)
    {
        target.Raw((byte)'"');
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOfAny(Special);
            if (plain < 0)
                plain = utf8.Length;
            target.Raw(utf8[..plain]);
            utf8 = utf8[plain..];
            if (utf8.IsEmpty)
                break;
            Escape(target, utf8[0]);
            utf8 = utf8[1..];
        }

        target.Raw((byte)'"');
    }

    /// <summary>Order of names: by UTF-16 code units, given UTF-8.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
            return a.Length.CompareTo(b.Length);

        // UTF-8 and UTF-16 order differ only where a surrogate pair (lead byte from F0) meets U+E000 and above (EE, EF).
        var (x, y) = (a[same], b[same]);
        if (x >= 0xee && y >= 0xee && x >= 0xf0 != y >= 0xf0)
            return x >= 0xf0 ? -1 : 1;
        return x.CompareTo(y);
    }

    private static void Escape(RecordBuffer target, byte value)
    {
        target.Raw((byte)'\\');
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                target.Raw(value);
                break;
            case (byte)'\b':
                target.Raw((byte)'b');
                break;
            case (byte)'\t':
                target.Raw((byte)'t');
                break;
            case (byte)'\n':
                target.Raw((byte)'n');
                break;
            case (byte)'\f':
                target.Raw((byte)'f');
                break;
            case (byte)'\r':
                target.Raw((byte)'r');
                break;
            default:
                target.Raw("u00"u8);
                target.HexLower([value]);
                break;
        }
    }
}
