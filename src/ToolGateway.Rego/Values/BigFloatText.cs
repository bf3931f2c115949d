using System.Globalization;
using System.Numerics;

namespace ToolGateway.Rego.Values;

/// <summary>Shortest decimal text that reads back as the same 64-bit float, laid out as OPA prints results of arithmetic.</summary>
internal static class BigFloatText
{
    /// <summary>Integers in full, everything else in positional notation between 1e-4 and 1e6 and with an exponent outside.</summary>
    public static string Shortest(BigFloat value)
    {
        var sign = value.IsNegative ? "-" : "";
        if (value.IsZero)
            return sign + "0";
        var (digits, magnitude) = Digits(value);
        if (value.IsInteger)
            return sign + digits.PadRight(magnitude, '0');
        return sign + (magnitude is < -3 or > 6 ? Scientific(digits, magnitude - 1) : Positional(digits, magnitude));
    }

    private static string Positional(string digits, int magnitude)
    {
        if (magnitude <= 0)
            return "0." + new string('0', -magnitude) + digits;
        return magnitude >= digits.Length ? digits.PadRight(magnitude, '0') : digits[..magnitude] + "." + digits[magnitude..];
    }

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : digits[..1] + "." + digits[1..];
        return mantissa + (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
    }

    // The value and its half-way neighbours are scaled to integers with one common power of ten; the shortest decimal between the neighbours is the
    // value cut (or rounded up) at the first digit where that stays between them.
    private static (string Digits, int Magnitude) Digits(BigFloat value)
    {
        var mantissa = BigInteger.Abs(value.Mantissa);
        var spare = BigFloat.Precision + 1 - (int)mantissa.GetBitLength();
        mantissa <<= spare;
        var exponent = value.Exponent - spare;
        var inclusive = ((mantissa >> 1) & 1).IsZero;
        var scale = exponent >= 0 ? BigInteger.One << exponent : BigInteger.Pow(5, -exponent);
        var exact = mantissa * scale;
        var low = exact - scale;
        var high = exact + scale;
        var length = Length(exact);
        var point = length - (exponent < 0 ? -exponent : 0);
        for (var count = 1; count < length; count++)
        {
            var unit = BigInteger.Pow(10, length - count);
            var down = exact - (exact % unit);
            var up = down + unit;
            var downFits = inclusive ? down >= low : down > low;
            var upFits = inclusive ? up <= high : up < high;
            if (!downFits && !upFits)
                continue;
            var nearer = (exact - down).CompareTo(up - exact);
            var takeUp = upFits && (!downFits || nearer > 0 || (nearer == 0 && !((down / unit) & 1).IsZero));
            return Trim((takeUp ? up : down).ToString(CultureInfo.InvariantCulture), length, point);
        }

        return Trim(exact.ToString(CultureInfo.InvariantCulture), length, point);
    }

    private static int Length(BigInteger value) => value.ToString(CultureInfo.InvariantCulture).Length;

    private static (string Digits, int Magnitude) Trim(string text, int length, int point) => (text.TrimEnd('0'), point + text.Length - length);
}
