using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ToolGateway.Audit.Records;

/// <summary>UTF-8 text of one record in the making. Reused: its memory stays with it.</summary>
internal sealed class RecordBuffer(int keptCapacity = 64 << 10)
{
    private const string Hex = "0123456789abcdef";

    /// <summary>What JSON must escape, and the C1 controls and line separators that terminals and line readers act upon.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(i => (char)i), '"', '\\', .. Enumerable.Range(0x7f, 0x21).Select(i => (char)i), '\u2028', '\u2029']);

    private byte[] _bytes = new byte[2048];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Empties the buffer; memory that one large record needed is given back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > keptCapacity)
            _bytes = new byte[2048];
    }

    public void Truncate(int length) => Length = length;

    public void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        Length += utf8.Length;
    }

    public void Raw(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    /// <summary>A JSON string, or null.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Raw("null"u8);
            return;
        }

        Raw((byte)'"');
        Escaped(value);
        Raw((byte)'"');
    }

    public void Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        Length += written;
    }

    public void Number(long? value)
    {
        if (value is { } number)
            Number(number);
        else
            Raw("null"u8);
    }

    /// <summary>A time in UTC with microseconds, as RFC 3339 text in quotes.</summary>
    public void Time(DateTimeOffset value)
    {
        var utc = value.UtcDateTime;
        var text = Reserve(29);
        Digits(text[1..], utc.Year, 4);
        Digits(text[6..], utc.Month, 2);
        Digits(text[9..], utc.Day, 2);
        Digits(text[12..], utc.Hour, 2);
        Digits(text[15..], utc.Minute, 2);
        Digits(text[18..], utc.Second, 2);
        Digits(text[21..], (int)(utc.Ticks % TimeSpan.TicksPerSecond / 10), 6);
        text[0] = text[28] = (byte)'"';
        text[5] = text[8] = (byte)'-';
        text[11] = (byte)'T';
        text[14] = text[17] = (byte)':';
        text[20] = (byte)'.';
        text[27] = (byte)'Z';
        Length += 29;
    }

    public void Base64(ReadOnlySpan<byte> bytes)
    {
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, Reserve(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        Length += written;
    }

    public void HexLower(ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, Reserve(bytes.Length * 2), out var written);
        Length += written;
    }

    /// <summary>Room for at least <paramref name="size"/> more bytes; what is used of it is taken with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - Length < size)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + size));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    private static void Digits(Span<byte> target, int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private void Escaped(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0)
                plain = text.Length;
            Length += Encoding.UTF8.GetBytes(text[..plain], Reserve(plain * 3));
            text = text[plain..];
            if (text.IsEmpty)
                return;
            Escape(text[0]);
            text = text[1..];
        }
    }

    private void Escape(char value)
    {
        if (value is '"' or '\\')
        {
            Raw((byte)'\\');
            Raw((byte)value);
            return;
        }

        Raw("\\u"u8);
        for (var shift = 12; shift >= 0; shift -= 4)
            Raw((byte)Hex[(value >> shift) & 0xf]);
    }
}
