using System.Globalization;
using System.Numerics;

namespace ToolGateway.Rego.Values;

/// <summary>
/// A binary floating-point number with a 64-bit mantissa, rounded to nearest even after every operation: what OPA calculates with when an operand is
/// not an integer. The value is <c>Mantissa × 2^Exponent</c>; a negative zero keeps its sign.
/// </summary>
internal readonly struct BigFloat
{
    public const int Precision = 64;

    private readonly bool _negativeZero;

    private BigFloat(BigInteger mantissa, int exponent, bool negativeZero = false)
    {
        Mantissa = mantissa;
        Exponent = exponent;
        _negativeZero = negativeZero && mantissa.IsZero;
    }

    public BigInteger Mantissa { get; }

    public int Exponent { get; }

    public bool IsZero => Mantissa.IsZero;

    public bool IsNegative => Mantissa.Sign < 0 || _negativeZero;

    /// <summary>Whether the value has no fraction.</summary>
    public bool IsInteger => IsZero || Exponent >= 0 || (int)BigInteger.TrailingZeroCount(Mantissa) >= -Exponent;

    public static BigFloat From(BigInteger integer) => Round(integer, 0, sticky: false);

    public static BigFloat From(DecimalText value, bool negativeZero)
    {
        if (value.Sign == 0)
            return new BigFloat(BigInteger.Zero, 0, negativeZero);
        var digits = BigInteger.Parse(value.Digits, NumberStyles.None, CultureInfo.InvariantCulture) * value.Sign;
        var scale = (int)(value.Magnitude - value.Digits.Length);
        return scale >= 0 ? Round(digits * BigInteger.Pow(5, scale), scale, sticky: false) : Quotient(digits, scale, BigInteger.Pow(5, -scale), 0);
    }

    public static BigFloat Add(BigFloat a, BigFloat b)
    {
        if (a.IsZero || b.IsZero)
            return a.IsZero && b.IsZero ? new BigFloat(BigInteger.Zero, 0, a.IsNegative && b.IsNegative) : a.IsZero ? b : a;
        var (high, low) = Top(a) >= Top(b) ? (a, b) : (b, a);
        // Beyond this distance the smaller operand only decides the rounding of a tie that cannot occur.
        if (Top(high) - Top(low) > (2 * Precision) + 4)
            low = new BigFloat(low.Mantissa.Sign, Top(high) - (2 * Precision) - 4);
        var exponent = Math.Min(high.Exponent, low.Exponent);
        return Round((high.Mantissa << (high.Exponent - exponent)) + (low.Mantissa << (low.Exponent - exponent)), exponent, sticky: false);
    }

    public static BigFloat Subtract(BigFloat a, BigFloat b) => Add(a, b.Negate());

    public static BigFloat Multiply(BigFloat a, BigFloat b)
    {
        if (a.IsZero || b.IsZero)
            return new BigFloat(BigInteger.Zero, 0, a.IsNegative != b.IsNegative);
        return Round(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent, sticky: false);
    }

    /// <summary>The quotient; the divisor is not zero.</summary>
    public static BigFloat Divide(BigFloat a, BigFloat b) =>
        a.IsZero ? new BigFloat(BigInteger.Zero, 0, a.IsNegative != b.IsNegative) : Quotient(a.Mantissa, a.Exponent, b.Mantissa, b.Exponent);

    public BigFloat Negate() => new(-Mantissa, Exponent, IsZero && !_negativeZero);

    public BigFloat Abs() => IsNegative ? Negate() : this;

    /// <summary>The integer part, towards zero.</summary>
    public BigInteger Truncate()
    {
        if (Exponent >= 0)
            return Mantissa << Exponent;
        var magnitude = BigInteger.Abs(Mantissa) >> -Exponent;
        return Mantissa.Sign < 0 ? -magnitude : magnitude;
    }

    public double ToDouble() => IsZero ? (_negativeZero ? -0.0 : 0.0) : double.Parse(BigFloatText.Shortest(this), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int Top(BigFloat value) => (int)BigInteger.Abs(value.Mantissa).GetBitLength() + value.Exponent;

    private static BigFloat Quotient(BigInteger dividend, int dividendExponent, BigInteger divisor, int divisorExponent)
    {
        var shift = Precision + 2 + (int)BigInteger.Abs(divisor).GetBitLength() - (int)BigInteger.Abs(dividend).GetBitLength();
        shift = Math.Max(shift, 0);
        var quotient = BigInteger.DivRem(dividend << shift, divisor, out var remainder);
        return Round(quotient, dividendExponent - divisorExponent - shift, !remainder.IsZero);
    }

    private static BigFloat Round(BigInteger mantissa, int exponent, bool sticky)
    {
        var magnitude = BigInteger.Abs(mantissa);
        var excess = (int)magnitude.GetBitLength() - Precision;
        if (excess <= 0)
            return new BigFloat(mantissa, exponent);
        var kept = magnitude >> excess;
        var rest = magnitude - (kept << excess);
        var half = BigInteger.One << (excess - 1);
        var order = rest.CompareTo(half);
        if (order > 0 || (order == 0 && (sticky || !kept.IsEven)))
            kept += 1;
        return new BigFloat(mantissa.Sign < 0 ? -kept : kept, exponent + excess);
    }
}
