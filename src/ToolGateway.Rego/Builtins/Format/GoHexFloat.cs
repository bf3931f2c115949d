using System.Globalization;

namespace ToolGateway.Rego.Builtins.Format;

/// <summary>Hexadecimal floats: 0x1.8p+01.</summary>
internal static class GoHexFloat
{
    private const int MantissaDigits = 13;

    public static string Text(double value, int precision, bool upper)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = value == 0 ? 0 : (int)(bits >> 52) - 1023;
        var mantissa = (ulong)bits & 0xfffffffffffff;
        if (value != 0 && bits >> 52 == 0)
        {
            exponent = -1022;
            while (mantissa < 1UL << 52)
            {
                mantissa <<= 1;
                exponent--;
            }
        }
        else if (value != 0)
        {
            mantissa |= 1UL << 52;
        }

        if (precision is >= 0 and < MantissaDigits)
            mantissa = Round(mantissa, (MantissaDigits - precision) * 4, ref exponent);
        var digits = (mantissa & 0xfffffffffffff).ToString("x13", CultureInfo.InvariantCulture);
        digits = precision < 0 ? digits.TrimEnd('0') : digits.PadRight(precision, '0')[..precision];
        var text = "0x" + (mantissa >> 52) + (digits.Length > 0 ? "." + digits : "") + "p" + (exponent < 0 ? "-" : "+") +
            Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
        return upper ? text.ToUpperInvariant() : text;
    }

    private static ulong Round(ulong mantissa, int drop, ref int exponent)
    {
        var kept = mantissa >> drop;
        var rest = mantissa & ((1UL << drop) - 1);
        var half = 1UL << (drop - 1);
        if (rest > half || (rest == half && (kept & 1) == 1))
            kept++;
        mantissa = kept << drop;
        if (mantissa < 1UL << 53)
            return mantissa;
        exponent++;
        return mantissa >> 1;
    }
}
