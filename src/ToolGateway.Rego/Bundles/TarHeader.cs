using System.Buffers.Binary;
using System.Text;

namespace ToolGateway.Rego.Bundles;

/// <summary>The header of one tar entry.</summary>
internal sealed record TarHeader(string Name, long Size, char Type)
{
    public const int Length = 512;

    private const int ChecksumAt = 148;
    private const int ChecksumLength = 8;

    /// <summary>The header, or null when it is none.</summary>
    public static TarHeader? Read(ReadOnlySpan<byte> block)
    {
        if (Octal(block.Slice(ChecksumAt, ChecksumLength)) != Checksum(block) || Number(block.Slice(124, 12)) is not { } size
            || Text(block[..100]) is not { } name || Text(block.Slice(345, 155)) is not { } prefix)
            return null;

        // GNU's variant keeps times where POSIX has the first part of a long name.
        var isPosix = block.Slice(257, 6).SequenceEqual("ustar\0"u8);
        var type = block[156] == 0 ? '0' : (char)block[156];
        return new TarHeader(isPosix && prefix.Length > 0 ? $"{prefix}/{name}" : name, size, type);
    }

    /// <summary>Text up to the first NUL; null when it is not UTF-8.</summary>
    public static string? Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        var text = end < 0 ? field : field[..end];
        return System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
    }

    private static long Checksum(ReadOnlySpan<byte> block)
    {
        long sum = ChecksumLength * ' ';
        for (var i = 0; i < block.Length; i++)
            sum += i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? 0 : block[i];
        return sum;
    }

    /// <summary>Octal digits, or GNU's binary form, which starts with a set bit.</summary>
    private static long? Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) == 0)
            return Octal(field);
        var high = field[1..4];
        return field[0] == 0x80 && !high.ContainsAnyExcept((byte)0) && BinaryPrimitives.ReadInt64BigEndian(field[4..]) is var value and >= 0 ? value : null;
    }

    private static long? Octal(ReadOnlySpan<byte> field)
    {
        var digits = field.Trim(" \0"u8);
        var value = 0L;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return null;
            value = (value * 8) + digit - '0';
        }

        return value;
    }
}
