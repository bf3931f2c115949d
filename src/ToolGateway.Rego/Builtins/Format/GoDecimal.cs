using System.Globalization;
using System.Numerics;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Format;

/// <summary>A non-negative double in decimal: 0.<see cref="Digits"/> × 10^<see cref="Point"/>, rounded to nearest even from the exact value.</summary>
internal sealed record GoDecimal(string Digits, int Point)
{
    // No double has more digits than this behind the point.
    private const int MostDigits = 1100;

    public bool IsZero => Digits.AsSpan().IndexOfAnyExcept('0') < 0;

    public static GoDecimal Shortest(double value)
    {
        if (value == 0)
            return new GoDecimal("0", 1);
        var shortest = DecimalText.Parse(value.ToString("R", CultureInfo.InvariantCulture));
        return new GoDecimal(shortest.Digits, (int)shortest.Magnitude);
    }

    /// <summary>Rounded to <paramref name="fraction"/> digits behind the point.</summary>
    public static GoDecimal RoundFraction(double value, int fraction)
    {
        fraction = Math.Min(fraction, MostDigits);
        var digits = Scaled(value, fraction).ToString(CultureInfo.InvariantCulture);
        return new GoDecimal(digits, digits.Length - fraction);
    }

    /// <summary>Rounded to <paramref name="count"/> significant digits.</summary>
    public static GoDecimal RoundDigits(double value, int count)
    {
        if (value == 0)
            return new GoDecimal("0", 1);
        count = Math.Min(count, MostDigits);
        var point = Shortest(value).Point;
        var digits = Scaled(value, count - point).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > count)
            return new GoDecimal(digits[..count], point + 1);

        // The shortest form may have rounded up over a power of ten where the exact value lies below it.
        return digits.Length == count ? new GoDecimal(digits, point) : new GoDecimal(Scaled(value, count - point + 1).ToString(CultureInfo.InvariantCulture), point - 1);
    }

    // value × 10^scale as an integer, ties to even.
    private static BigInteger Scaled(double value, int scale)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7ff);
        BigInteger numerator = exponent == 0 ? bits & 0xfffffffffffff : (bits & 0xfffffffffffff) | (1L << 52);
        var power = exponent == 0 ? -1074 : exponent - 1075;
        var denominator = BigInteger.One;
        if (power >= 0)
            numerator <<= power;
        else
            denominator <<= -power;
        if (scale >= 0)
            numerator *= BigInteger.Pow(10, scale);
        else
            denominator *= BigInteger.Pow(10, -scale);
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var order = (rest * 2).CompareTo(denominator);
        return order > 0 || (order == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
