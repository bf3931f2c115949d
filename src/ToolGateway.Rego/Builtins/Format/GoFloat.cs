using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Builtins.Format;

/// <summary>Floats by Go's verbs.</summary>
internal static class GoFloat
{
    public static string? Text(double value, char verb, GoFlags flags)
    {
        var shape = verb switch { 'v' => 'g', 'F' => 'f', 'b' or 'g' or 'G' or 'x' or 'X' or 'f' or 'e' or 'E' => verb, _ => '\0' };
        if (shape == '\0')
            return null;
        var precision = flags.Precision ?? (shape is 'f' or 'e' or 'E' ? 6 : -1);
        var number = Digits(Math.Abs(value), shape, precision);
        if (flags.Sharp && shape != 'b')
            number = WithPoint(number, shape, precision);
        var sign = double.IsNegative(value) ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";
        if (sign.Length > 0 && flags is { Zero: true, Minus: false, Width: { } width })
            return sign + number.PadLeft(width - 1, '0');
        return GoVerbs.Pad(sign + number, flags);
    }

    /// <summary>A double as Go's <c>encoding/json</c> writes it: the shortest digits, positional between 1e-6 and 1e21.</summary>
    public static string Json(double value)
    {
        var number = GoDecimal.Shortest(Math.Abs(value));
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0 || number.Point is > -6 and <= 21)
            return sign + Positional(number, Math.Max(number.Digits.Length - number.Point, 0));
        var exponent = number.Point - 1;
        return sign + number.Digits[0] + (number.Digits.Length > 1 ? "." + number.Digits[1..] : "") +
            (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
    }

    private static string Digits(double value, char shape, int precision)
    {
        switch (shape)
        {
            case 'b':
                var bits = BitConverter.DoubleToInt64Bits(value);
                var exponent = (int)(bits >> 52);
                var mantissa = bits & 0xfffffffffffff;
                var power = exponent == 0 ? -1074 : exponent - 1075;
                return $"{(exponent == 0 ? mantissa : mantissa | (1L << 52))}p{(power < 0 ? "-" : "+")}{Math.Abs(power)}";
            case 'x' or 'X':
                return GoHexFloat.Text(value, precision, shape == 'X');
            case 'f':
                return Positional(GoDecimal.RoundFraction(value, precision), precision);
            case 'e' or 'E':
                return Scientific(GoDecimal.RoundDigits(value, precision + 1), precision, shape);
            default:
                return General(value, shape, precision);
        }
    }

    private static string General(double value, char shape, int precision)
    {
        var shortest = precision < 0;
        if (precision == 0)
            precision = 1;
        var number = shortest ? GoDecimal.Shortest(value) : GoDecimal.RoundDigits(value, precision);
        var digits = number.Digits.TrimEnd('0');
        if (digits.Length == 0)
            digits = "0";
        number = number with { Digits = digits };
        var limit = shortest ? 6 : precision > digits.Length && digits.Length >= number.Point ? digits.Length : precision;
        var exponent = value == 0 ? 0 : number.Point - 1;
        return exponent < -4 || exponent >= limit
            ? Scientific(number, digits.Length - 1, (char)(shape + 'e' - 'g'))
            : Positional(number, Math.Max(digits.Length - number.Point, 0));
    }

    private static string Positional(GoDecimal number, int fraction)
    {
        var text = new StringBuilder();
        if (number.Point <= 0)
            text.Append('0');
        else
            text.Append(number.Digits, 0, Math.Min(number.Point, number.Digits.Length)).Append('0', Math.Max(0, number.Point - number.Digits.Length));
        if (fraction == 0)
            return text.ToString();
        text.Append('.');
        for (var i = 0; i < fraction; i++)
        {
            var at = number.Point + i;
            text.Append(at >= 0 && at < number.Digits.Length ? number.Digits[at] : '0');
        }

        return text.ToString();
    }

    private static string Scientific(GoDecimal number, int fraction, char e)
    {
        var exponent = number.IsZero ? 0 : number.Point - 1;
        var text = new StringBuilder().Append(number.Digits[0]);
        if (fraction > 0)
            text.Append('.').Append(number.Digits.AsSpan(1, Math.Min(fraction, number.Digits.Length - 1))).Append('0', Math.Max(0, fraction - number.Digits.Length + 1));
        return text.Append(e).Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    // The sharp flag always shows a point, and keeps trailing zeros for %g.
    private static string WithPoint(string number, char shape, int precision)
    {
        var tailAt = number.AsSpan().IndexOfAny(shape is 'x' or 'X' ? "pP" : "eE");
        var tail = tailAt < 0 ? "" : number[tailAt..];
        var body = tailAt < 0 ? number : number[..tailAt];
        var missing = shape is 'g' or 'G' or 'x' ? precision < 0 ? 6 : precision : 0;
        var significant = body.Replace(".", "", StringComparison.Ordinal).TrimStart('0').Length;
        missing -= significant;
        if (!body.Contains('.', StringComparison.Ordinal))
        {
            if (body == "0")
                missing--;
            body += ".";
        }

        return body + new string('0', Math.Max(0, missing)) + tail;
    }
}
