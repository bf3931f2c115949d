using System.Numerics;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Format;

/// <summary>Prints one operand by one verb.</summary>
internal static class GoVerbs
{
    public static void Print(BuiltinContext context, StringBuilder output, GoOperand operand, Rune verb, GoFlags flags)
    {
        context.SpendText((flags.Width ?? 0) + (flags.Precision ?? 0));
        var text = verb.IsAscii ? Text(operand, (char)verb.Value, flags) : null;
        if (text is null && operand.Kind == GoKind.BigInt)
            text = $"%!{verb}(big.Int={operand.Big})";
        if (text is null)
        {
            output.Append("%!").Append(verb.ToString()).Append('(').Append(operand.TypeName).Append('=');
            output.Append(Text(operand, 'v', flags)).Append(')');
            return;
        }

        context.SpendText(text.Length);
        output.Append(text);
    }

    private static string? Text(GoOperand operand, char verb, GoFlags flags) => verb == 'T'
        ? Pad(Cut(operand.TypeName, flags), flags)
        : operand.Kind switch
        {
            GoKind.String => OfString(operand.Text, verb, flags),
            GoKind.Int => OfInteger(operand.Integer, verb, flags),
            GoKind.BigInt => GoBigInt.Text(operand.Big, verb, flags),
            _ => GoFloat.Text(operand.Real, verb, flags),
        };

    public static string Pad(string text, GoFlags flags)
    {
        if (flags.Width is not { } width)
            return text;
        var missing = width - Runes.Count(text);
        if (missing <= 0)
            return text;
        return flags.Minus ? text + new string(' ', missing) : new string(flags.Zero ? '0' : ' ', missing) + text;
    }

    private static string? OfString(string text, char verb, GoFlags flags) => verb switch
    {
        'v' when flags.SharpV => Pad(GoQuote.Quote(Cut(text, flags)), flags),
        'v' or 's' => Pad(Cut(text, flags), flags),
        'x' => Hex(text, flags, upper: false),
        'X' => Hex(text, flags, upper: true),
        'q' => Pad(Quoted(Cut(text, flags), flags), flags),
        _ => null,
    };

    private static string Cut(string text, GoFlags flags) => flags.Precision is { } runes ? text[..Runes.Offset(text, runes)] : text;

    private static string Quoted(string text, GoFlags flags) => flags.Sharp && CanBackquote(text)
        ? $"`{text}`"
        : GoQuote.Quote(text, asciiOnly: flags.Plus);

    private static bool CanBackquote(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '`' or 0x7f or 0xfeff or 0xfffd || (rune.Value < ' ' && rune.Value != '\t'))
                return false;
        }

        return true;
    }

    private static string Hex(string text, GoFlags flags, bool upper)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (flags.Precision < bytes.Length)
            bytes = bytes[..flags.Precision.Value];
        var prefix = flags.Sharp ? upper ? "0X" : "0x" : "";
        var digits = Array.ConvertAll(bytes, b => b.ToString(upper ? "X2" : "x2", System.Globalization.CultureInfo.InvariantCulture));
        var body = flags.Space ? string.Join(' ', Array.ConvertAll(digits, pair => prefix + pair)) : bytes.Length == 0 ? "" : prefix + string.Concat(digits);
        return Pad(body, flags);
    }

    private static string? OfInteger(long value, char verb, GoFlags flags) => verb switch
    {
        'v' or 'd' => Integer(value, 10, verb, flags),
        'b' => Integer(value, 2, verb, flags),
        'o' or 'O' => Integer(value, 8, verb, flags),
        'x' or 'X' => Integer(value, 16, verb, flags),
        'c' => Pad(Character(value).ToString(), flags),
        'q' => Pad(GoQuote.QuoteRune(Character(value), flags.Plus), flags),
        'U' => Unicode(value, flags),
        _ => null,
    };

    private static Rune Character(long value) => value is >= 0 and <= 0x10ffff && Rune.IsValid((int)value) ? new Rune((int)value) : Rune.ReplacementChar;

    private static string Unicode(long value, GoFlags flags)
    {
        var code = ((ulong)value).ToString("X" + Math.Max(4, flags.Precision ?? 4), System.Globalization.CultureInfo.InvariantCulture);
        var suffix = flags.Sharp && value is >= 0 and <= 0x10ffff && Rune.IsValid((int)value) && GoQuote.IsPrint(new Rune((int)value))
            ? $" '{new Rune((int)value)}'"
            : "";
        flags.Zero = false;
        return Pad("U+" + code + suffix, flags);
    }

    private static string Integer(long value, int radix, char verb, GoFlags flags)
    {
        var digits = GoNumbers.Integer(BigInteger.Abs(value), radix, verb == 'X');
        var sign = value < 0 ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";
        var least = 0;
        if (flags.Precision is { } precision)
        {
            least = precision;
            if (precision == 0 && value == 0)
                digits = sign = "";
        }
        else if (flags is { Zero: true, Minus: false, Width: { } width })
        {
            least = width - sign.Length;
        }

        flags.Zero = false;
        if (digits.Length == 0)
            return Pad("", flags);
        digits = digits.PadLeft(least, '0');
        var prefix = flags.Sharp
            ? radix switch { 2 => "0b", 8 when digits[0] != '0' => "0", 16 => verb == 'X' ? "0X" : "0x", _ => "" }
            : "";
        return Pad(sign + (verb == 'O' ? "0o" : "") + prefix + digits, flags);
    }
}
