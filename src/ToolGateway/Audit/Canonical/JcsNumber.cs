using System.Buffers.Text;
using System.Globalization;

namespace ToolGateway.Audit.Canonical;

/// <summary>Numbers as ECMAScript writes them, which RFC 8785 asks for: the shortest digits that read back as the same double.</summary>
internal static class JcsNumber
{
    private const long MaxSafeInteger = 1L << 53;

    /// <summary>Writes the canonical form of a JSON number; returns its length.</summary>
    public static int Format(ReadOnlySpan<byte> literal, Span<byte> target)
    {
        if (Utf8Parser.TryParse(literal, out long integer, out var used) && used == literal.Length && integer is > -MaxSafeInteger and < MaxSafeInteger)
        {
            Utf8Formatter.TryFormat(integer, target, out var length);
            return length;
        }

        return Format(double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture), target);
    }

    /// <summary>Writes a finite double; returns its length.</summary>
    public static int Format(double value, Span<byte> target)
    {
        if (value == 0)
        {
            target[0] = (byte)'0';
            return 1;
        }

        Span<byte> shortest = stackalloc byte[32];
        if (!Math.Abs(value).TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture))
            throw new InvalidOperationException("a double does not fit in 32 characters");
        Span<byte> digits = stackalloc byte[32];
        var (count, point) = Digits(shortest[..length], digits);
        var at = 0;
        if (value < 0)
            target[at++] = (byte)'-';
        return at + Lay(digits[..count], point, target[at..]);
    }

    /// <summary>Splits text such as 12.5 or 1.25E+22 into its significant digits and the place of the decimal point among them.</summary>
    private static (int Count, int Point) Digits(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        var exponent = 0;
        var e = text.IndexOf((byte)'E');
        if (e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var count = 0;
        var point = -1;
        foreach (var c in text)
        {
            if (c == '.')
                point = count;
            else
                digits[count++] = c;
        }

        if (point < 0)
            point = count;
        var zeros = digits[..count].IndexOfAnyExcept((byte)'0');
        digits[zeros..count].CopyTo(digits);
        count -= zeros;
        point -= zeros;
        while (count > 1 && digits[count - 1] == '0')
            count--;
        return (count, point + exponent);
    }

    /// <summary>Lays digits out as Number::toString of ECMA-262 does; <paramref name="point"/> is its n.</summary>
    private static int Lay(ReadOnlySpan<byte> digits, int point, Span<byte> target)
    {
        if (point is > 21 or <= -6)
            return Exponential(digits, point - 1, target);
        if (point <= 0)
        {
            target[0] = (byte)'0';
            target[1] = (byte)'.';
            target.Slice(2, -point).Fill((byte)'0');
            digits.CopyTo(target[(2 - point)..]);
            return 2 - point + digits.Length;
        }

        if (digits.Length <= point)
        {
            digits.CopyTo(target);
            target[digits.Length..point].Fill((byte)'0');
            return point;
        }

        digits[..point].CopyTo(target);
        target[point] = (byte)'.';
        digits[point..].CopyTo(target[(point + 1)..]);
        return digits.Length + 1;
    }

    private static int Exponential(ReadOnlySpan<byte> digits, int exponent, Span<byte> target)
    {
        var at = 0;
        target[at++] = digits[0];
        if (digits.Length > 1)
        {
            target[at++] = (byte)'.';
            digits[1..].CopyTo(target[at..]);
            at += digits.Length - 1;
        }

        target[at++] = (byte)'e';
        target[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Utf8Formatter.TryFormat(Math.Abs(exponent), target[at..], out var length);
        return at + length;
    }
}
