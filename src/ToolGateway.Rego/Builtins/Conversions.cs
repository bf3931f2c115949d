using System.Buffers;
using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>to_number.</summary>
internal static class Conversions
{
    private static readonly SearchValues<char> DecimalCharacters = SearchValues.Create("0123456789+-.eE");

    public static Builtin[] All { get; } =
    [
        Signature.Declare("to_number(x:null|boolean|number|string) -> number", ToNumber),
    ];

    private static RegoValue? ToNumber(BuiltinContext context, ReadOnlySpan<RegoValue> args) => args[0] switch
    {
        RegoNull => RegoNumber.Of(0),
        RegoBoolean b => RegoNumber.Of(b.Value ? 1 : 0),
        RegoNumber n => n,
        RegoString s => Read(context, s.Value),
        var other => context.FailOperand(1, "one of {null, boolean, number, string}", other),
    };

    private static RegoValue? Read(BuiltinContext context, string text)
    {
        context.Budget.Step(text.Length >> 6);
        if (text.TrimStart('+', '-').ToLowerInvariant() is "inf" or "infinity" or "nan")
            return context.FailOperand(1, "valid number string", new RegoString(text));
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!IsDecimal(text) || !double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value))
            return context.Fail($"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: invalid syntax");
        return double.IsInfinity(value)
            ? context.Fail($"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: value out of range")
            : RegoNumber.Parse(Normalise(text));
    }

    private static bool IsDecimal(string text) => text.AsSpan().IndexOfAnyExcept(DecimalCharacters) < 0 && text.AsSpan().IndexOfAnyInRange('0', '9') >= 0;

    // What Go reads and JSON does not allow: a plus sign, leading zeros, and a point without digits on both sides.
    private static string Normalise(string text)
    {
        var negative = text[0] == '-';
        var rest = text.TrimStart('+', '-');
        var end = rest.IndexOfAny(['.', 'e', 'E']);
        var whole = (end < 0 ? rest : rest[..end]).TrimStart('0');
        var tail = end < 0 ? "" : rest[end..];
        if (tail.StartsWith('.') && (tail.Length == 1 || !char.IsAsciiDigit(tail[1])))
            tail = tail[1..];
        return (negative ? "-" : "") + (whole.Length == 0 ? "0" : whole) + tail;
    }
}
