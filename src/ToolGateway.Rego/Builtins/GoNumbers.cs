using System.Globalization;
using System.Numerics;
using System.Text;

namespace ToolGateway.Rego.Builtins;

/// <summary>Integers in Go's notation.</summary>
internal static class GoNumbers
{
    /// <summary>Digits of <paramref name="value"/> in base 2, 8, 10 or 16, with a minus sign for negative ones.</summary>
    public static string Integer(BigInteger value, int radix, bool upper)
    {
        var magnitude = BigInteger.Abs(value);
        var digits = radix switch
        {
            10 => magnitude.ToString(CultureInfo.InvariantCulture),
            16 => Trim(magnitude.ToString(upper ? "X" : "x", CultureInfo.InvariantCulture)),
            2 => Trim(magnitude.ToString("b", CultureInfo.InvariantCulture)),
            _ => Octal(magnitude),
        };
        return value.Sign < 0 ? "-" + digits : digits;
    }

    private static string Octal(BigInteger magnitude)
    {
        var bits = Trim(magnitude.ToString("b", CultureInfo.InvariantCulture));
        bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
        var digits = new StringBuilder(bits.Length / 3);
        for (var i = 0; i < bits.Length; i += 3)
            digits.Append((char)('0' + ((bits[i] - '0') * 4) + ((bits[i + 1] - '0') * 2) + (bits[i + 2] - '0')));
        return digits.ToString();
    }

    private static string Trim(string digits) => digits.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";
}
