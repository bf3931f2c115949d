using System.Buffers;

namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>Reads durations as Go's time.ParseDuration does, <c>1h15m30.5s</c>, and with days, weeks and years of 365 days, as OPA does since 1.9.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create(".0123456789");
    private const ulong Limit = 1UL << 63;

    /// <summary>Nanoseconds, or null with the reason in <paramref name="error"/>.</summary>
    public static long? Parse(string text, out string error)
    {
        error = "time: invalid duration " + GoText.Quote(text);
        var rest = text.AsSpan();
        var negative = rest.StartsWith('-');
        if (negative || rest.StartsWith('+'))
            rest = rest[1..];
        if (rest is "0")
            return 0;
        if (rest.IsEmpty)
            return null;
        var total = 0UL;
        while (!rest.IsEmpty)
        {
            if (!TryReadPart(ref rest, text, ref error, out var part) || part > Limit - total)
                return null;
            total += part;
        }

        if (negative)
            return total == Limit ? long.MinValue : -(long)total;
        return total == Limit ? null : (long)total;
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> rest, string text, ref string error, out ulong part)
    {
        part = 0;
        var digits = CountDigits(rest);
        if (!ulong.TryParse(digits == 0 ? "0" : rest[..digits], out var whole) || whole > Limit)
            return false;
        rest = rest[digits..];
        var (fraction, scale) = (0.0, 1.0);
        if (rest.StartsWith('.'))
        {
            var count = CountDigits(rest[1..]);
            (fraction, scale) = ReadFraction(rest.Slice(1, count));
            rest = rest[(1 + count)..];
            digits += count;
        }

        if (digits == 0)
            return false;
        var end = rest.IndexOfAny(NumberCharacters);
        var unit = end < 0 ? rest : rest[..end];
        rest = rest[unit.Length..];
        if (unit.IsEmpty)
        {
            error = "time: missing unit in duration " + GoText.Quote(text);
            return false;
        }

        var size = SizeOf(unit);
        if (size == 0)
        {
            error = $"time: unknown unit {GoText.Quote(unit.ToString())} in duration {GoText.Quote(text)}";
            return false;
        }

        if (whole > Limit / size)
            return false;
        part = (whole * size) + (ulong)(fraction * (size / scale));
        return part <= Limit;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        return count < 0 ? text.Length : count;
    }

    /// <summary>The digits as a number and the power of ten they are to be divided by; digits beyond 63 bits are dropped.</summary>
    private static (double Digits, double Scale) ReadFraction(ReadOnlySpan<char> text)
    {
        var value = 0UL;
        var scale = 1.0;
        foreach (var c in text)
        {
            if (value > (Limit - 1) / 10)
                break;
            var next = (value * 10) + (ulong)(c - '0');
            if (next > Limit)
                break;
            value = next;
            scale *= 10;
        }

        return (value, scale);
    }

    private static ulong SizeOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "\u00B5s" or "\u03BCs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        "w" => 604_800_000_000_000,
        "y" => 31_536_000_000_000_000,
        _ => 0,
    };
}
