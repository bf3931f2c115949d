using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ToolGateway.Rego.Builtins.Networking;

/// <summary>An IPv4 (32 bits) or IPv6 (128 bits) address. An IPv4-mapped IPv6 address is the IPv4 address, as in Go.</summary>
internal readonly record struct IpAddress(UInt128 Value, int Bits)
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    public static IpAddress? Parse(ReadOnlySpan<char> text)
    {
        if (!text.Contains(':'))
            return TryParseV4(text, out var value) ? new IpAddress(value, 32) : null;
        // Only the digits, colons and dots that Go knows; .NET would also take zones, brackets and ports.
        if (text.ContainsAnyExcept(Characters) || !IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        var dot = text.LastIndexOf('.');
        if (dot >= 0 && !TryParseV4(text[(text.LastIndexOf(':') + 1)..], out _))
            return null;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        var number = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return number >> 32 == MappedPrefix >> 32 ? new IpAddress((uint)number, 32) : new IpAddress(number, 128);
    }

    public override string ToString()
    {
        if (Bits == 32)
            return string.Create(CultureInfo.InvariantCulture, $"{(byte)(Value >> 24)}.{(byte)(Value >> 16)}.{(byte)(Value >> 8)}.{(byte)Value}");
        Span<char> text = stackalloc char[40];
        var (start, length) = LongestZeros();
        var at = 0;
        for (var i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text[at++] = ':';
                text[at++] = ':';
                i += length - 1;
                continue;
            }

            if (at > 0 && text[at - 1] != ':')
                text[at++] = ':';
            Group(i).TryFormat(text[at..], out var written, "x", CultureInfo.InvariantCulture);
            at += written;
        }

        return text[..at].ToString();
    }

    private ushort Group(int index) => (ushort)(Value >> (16 * (7 - index)));

    /// <summary>The first longest run of at least two zero groups.</summary>
    private (int Start, int Length) LongestZeros()
    {
        var best = (Start: -1, Length: 1);
        for (var i = 0; i < 8; i++)
        {
            var end = i;
            while (end < 8 && Group(end) == 0)
                end++;
            if (end - i > best.Length)
                best = (i, end - i);
            i = Math.Max(i, end);
        }

        return best;
    }

    /// <summary>Four decimal numbers without leading zeros.</summary>
    private static bool TryParseV4(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (at >= text.Length || text[at++] != '.'))
                return false;
            var number = 0;
            var start = at;
            while (at < text.Length && at - start < 3 && char.IsAsciiDigit(text[at]))
                number = (number * 10) + (text[at++] - '0');
            if (at == start || number > 255 || (text[start] == '0' && at > start + 1))
                return false;
            value = (value << 8) | (uint)number;
        }

        return at == text.Length;
    }
}
