using System.Globalization;
using System.Numerics;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>units.parse and units.parse_bytes.</summary>
internal static class Units
{
    private const int MaxExponentDigits = 6;

    // The result of units.parse is a decimal with this many digits behind the point.
    private const int FractionDigits = 10;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("units.parse(x:string) -> number", Parse),
        Signature.Declare("units.parse_bytes(x:string) -> number", ParseBytes),
    ];

    private static RegoValue? Parse(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText(text.Length);
        text = text.Replace("\"", "", StringComparison.Ordinal);
        if (Split(text, out var amount, out var unit) is { } complaint)
            return context.Fail("units.parse: " + (complaint.Length > 0 ? complaint : "no amount provided"));

        // A lone m is milli; everything else means the same in either case.
        var milli = unit == "m";
        var factor = milli ? BigInteger.One : Factor(Strings.Lower(unit));
        if (factor.IsZero)
            return context.Fail($"units.parse: unit {unit} not recognized");
        if (!TryDecimal(context, amount, out var digits, out var scale))
            return context.Fail("units.parse: could not parse amount to a number");
        return Decimal(context, digits * factor, scale, milli);
    }

    private static RegoValue? ParseBytes(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText(text.Length);
        text = Strings.Lower(text).Replace("\"", "", StringComparison.Ordinal);
        if (Split(text, out var amount, out var unit) is { } complaint)
            return context.Fail("units.parse_bytes: " + (complaint.Length > 0 ? complaint : "no byte amount provided"));
        var factor = Factor(unit.EndsWith('b') && unit.Length > 1 ? unit[..^1] : unit);
        if (factor.IsZero)
            return context.Fail($"units.parse_bytes: byte unit {unit} not recognized");
        if (!TryDecimal(context, amount, out _, out _) || !RegoNumber.Parse(amount).TryGetFloat(out var value))
            return context.Fail("units.parse_bytes: could not parse byte amount to a number");
        return RegoNumber.Of(BigFloat.Multiply(value, BigFloat.From(factor)).Truncate());
    }

    // Zero for what is no unit.
    private static BigInteger Factor(string unit)
    {
        var power = "kmgtpe".IndexOf(unit.Length > 0 ? unit[0] : ' ', StringComparison.Ordinal) + 1;
        if (unit.Length == 0)
            return BigInteger.One;
        return power == 0 ? BigInteger.Zero : unit[1..] switch
        {
            "" => BigInteger.Pow(1000, power),
            "i" => BigInteger.One << (10 * power),
            _ => BigInteger.Zero,
        };
    }

    // A complaint, empty when there is no amount, or null when the text is an amount and a unit.
    private static string? Split(string text, out string amount, out string unit)
    {
        amount = unit = "";
        if (text.Contains(' ', StringComparison.Ordinal))
            return "spaces not allowed in resource strings";
        var end = 0;
        for (; end < text.Length; end++)
        {
            var c = text[end];
            if (c is not (>= '0' and <= '9') and not ('.' or 'e' or 'E' or '+' or '-'))
                break;
            if (c is not ('e' or 'E'))
                continue;
            if (end == text.Length - 1 || (!char.IsAsciiDigit(text[end + 1]) && text[end + 1] is not ('+' or '-')))
                break;
            if (text[end + 1] is '+' or '-')
                end++;
            var digits = text.AsSpan(end + 1).IndexOfAnyExceptInRange('0', '9');
            if ((digits < 0 ? text.Length - end - 1 : digits) > MaxExponentDigits)
                return "exponent too large";
        }

        amount = text[..end];
        unit = text[end..];
        return end == 0 ? "" : null;
    }

    // digits × 10^scale
    private static bool TryDecimal(BuiltinContext context, string amount, out BigInteger digits, out int scale)
    {
        digits = default;
        scale = 0;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(amount, Style, CultureInfo.InvariantCulture, out _))
            return false;
        var value = DecimalText.Parse(amount.StartsWith('+') ? amount[1..] : amount);
        if (value.Sign == 0)
            return true;
        context.Spend(Math.Abs(value.Magnitude) / 16, 4);
        context.StepDigits(value.Digits.Length);
        digits = BigInteger.Parse(value.Digits, NumberStyles.None, CultureInfo.InvariantCulture) * value.Sign;
        scale = (int)(value.Magnitude - value.Digits.Length);
        return true;
    }

    private static RegoNumber Decimal(BuiltinContext context, BigInteger digits, int scale, bool milli)
    {
        if (milli)
        {
            // OPA multiplies by the double nearest to 0.001, exactly; rounding hides the difference.
            digits *= BigInteger.Parse("1000000000000000020816681711721685132943093776702880859375", NumberStyles.None, CultureInfo.InvariantCulture);
            scale -= 60;
        }

        context.Budget.Step(Math.Abs((long)scale) >> 4);
        if (scale >= 0)
            return RegoNumber.Of(digits * BigInteger.Pow(10, scale));
        var divisor = BigInteger.Pow(10, -scale);
        var whole = BigInteger.DivRem(digits, divisor, out var rest);
        if (rest.IsZero)
            return RegoNumber.Of(whole);
        var scaled = BigInteger.DivRem(BigInteger.Abs(digits) * BigInteger.Pow(10, FractionDigits), divisor, out rest);
        if (rest * 2 >= divisor)
            scaled += 1;
        var text = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(FractionDigits + 1, '0');
        return RegoNumber.Parse((digits.Sign < 0 ? "-" : "") + text[..^FractionDigits] + "." + text[^FractionDigits..]);
    }
}
