using System.Globalization;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>Strings: searching, comparing, joining, case. Positions are code points.</summary>
internal static class Strings
{
    private const string Many = "string|array[string]|set[string]";

    public static Builtin[] All { get; } =
    [
        Signature.Declare("concat(delimiter:string, collection:array[string]|set[string]) -> string", Concat),
        Signature.Declare("contains(haystack:string, needle:string) -> boolean", (c, a) => Test(c, a, static (x, y) => x.Contains(y, StringComparison.Ordinal))),
        Signature.Declare("endswith(search:string, base:string) -> boolean", (c, a) => Test(c, a, static (x, y) => x.EndsWith(y, StringComparison.Ordinal))),
        Signature.Declare("startswith(search:string, base:string) -> boolean", (c, a) => Test(c, a, static (x, y) => x.StartsWith(y, StringComparison.Ordinal))),
        Signature.Declare($"strings.any_prefix_match(search:{Many}, base:{Many}) -> boolean", (c, a) => Any(c, a, suffix: false)),
        Signature.Declare($"strings.any_suffix_match(search:{Many}, base:{Many}) -> boolean", (c, a) => Any(c, a, suffix: true)),
        Signature.Declare("strings.count(search:string, substring:string) -> number", Count),
        Signature.Declare("indexof(haystack:string, needle:string) -> number", IndexOf),
        Signature.Declare("indexof_n(haystack:string, needle:string) -> array[number]", IndexesOf),
        Signature.Declare("lower(x:string) -> string", (c, a) => Map(c, a, Lower)),
        Signature.Declare("upper(x:string) -> string", (c, a) => Map(c, a, Upper)),
        Signature.Declare("strings.reverse(x:string) -> string", (c, a) => Map(c, a, Reverse)),
        Signature.Declare("format_int(number:number, base:number) -> string", FormatInteger),
    ];

    /// <summary>Lower case by Unicode's simple mapping, as Go has it; it differs from .NET's for a dotted capital I.</summary>
    public static string Lower(string text) => text.Contains('\u0130', StringComparison.Ordinal)
        ? text.Replace('\u0130', 'i').ToLowerInvariant()
        : text.ToLowerInvariant();

    // .NET leaves the dotless i and the long s as they are; Unicode, and Go, do not.
    private static string Upper(string text) => text.AsSpan().IndexOfAny('\u0131', '\u017f') < 0
        ? text.ToUpperInvariant()
        : text.Replace('\u0131', 'I').Replace('\u017f', 'S').ToUpperInvariant();

    private static RegoBoolean? Test(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<string, string, bool> test)
    {
        if (!context.TryGetText(args, 1, out var x) || !context.TryGetText(args, 2, out var y))
            return null;
        context.Budget.Step(x.Length >> 8);
        return RegoBoolean.Of(test(x, y));
    }

    private static RegoValue? Map(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<string, string> function)
    {
        if (!context.TryGetText(args, 1, out var x))
            return null;
        context.SpendText(x.Length);
        var mapped = function(x);
        return string.Equals(mapped, x, StringComparison.Ordinal) ? args[0] : RegoString.Of(mapped);
    }

    private static RegoValue? Concat(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var delimiter) || !context.TryGetElements(args, 2, out var items))
            return null;
        var length = (long)delimiter.Length * Math.Max(0, items.Length - 1);
        foreach (var item in items)
        {
            context.Budget.Step();
            if (item is not RegoString text)
                return context.FailElement(2, args[1], "string", item);
            length += text.Value.Length;
        }

        context.SpendText(length);
        if (items.Length == 1)
            return items[0];
        var joined = new StringBuilder((int)length);
        for (var i = 0; i < items.Length; i++)
            joined.Append(i > 0 ? delimiter : "").Append(((RegoString)items[i]).Value);
        return RegoString.Of(joined.ToString());
    }

    private static RegoBoolean? Any(BuiltinContext context, ReadOnlySpan<RegoValue> args, bool suffix)
    {
        if (!TryGetMany(context, args, 1, out var texts) || !TryGetMany(context, args, 2, out var affixes))
            return null;
        foreach (var text in texts)
        {
            foreach (var affix in affixes)
            {
                context.Budget.Step();
                if (suffix ? text.EndsWith(affix, StringComparison.Ordinal) : text.StartsWith(affix, StringComparison.Ordinal))
                    return RegoBoolean.True;
            }
        }

        return RegoBoolean.False;
    }

    private static bool TryGetMany(BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, out string[] texts)
    {
        var operand = args[position - 1];
        texts = [];
        if (operand is RegoString one)
        {
            texts = [one.Value];
            return true;
        }

        if (operand is not (RegoArray or RegoSet))
        {
            context.FailOperand(position, "one of {string, set, array}", operand);
            return false;
        }

        context.TryGetElements(args, position, out var items);
        context.Spend(items.Length, 8);
        texts = new string[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is not RegoString text)
            {
                context.FailElement(position, operand, "string", items[i]);
                return false;
            }

            texts[i] = text.Value;
        }

        return true;
    }

    private static RegoNumber? Count(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text) || !context.TryGetText(args, 2, out var part))
            return null;
        context.Budget.Step(text.Length >> 6);
        if (part.Length == 0)
            return RegoNumber.Of(Runes.Count(text) + 1);
        return RegoNumber.Of(text.AsSpan().Count(part));
    }

    private static RegoValue? IndexOf(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text) || !context.TryGetText(args, 2, out var part))
            return null;
        if (part.Length == 0)
            return context.Fail("empty search character");
        context.Budget.Step(text.Length >> 6);
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return RegoNumber.Of(at < 0 ? -1 : Runes.Count(text[..at]));
    }

    private static RegoValue? IndexesOf(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text) || !context.TryGetText(args, 2, out var part))
            return null;
        if (part.Length == 0)
            return context.Fail("empty search character");
        context.Budget.Step(text.Length >> 6);
        var found = new List<RegoValue>();
        var runes = 0;
        var counted = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
        {
            context.Spend(1, 40);
            runes += Runes.Count(text[counted..at]);
            counted = at;
            found.Add(RegoNumber.Of(runes));
        }

        return RegoArray.Adopt([.. found]);
    }

    private static string Reverse(string text)
    {
        var reversed = text.ToCharArray();
        Array.Reverse(reversed);
        for (var i = 0; i + 1 < reversed.Length; i++)
        {
            if (char.IsLowSurrogate(reversed[i]) && char.IsHighSurrogate(reversed[i + 1]))
            {
                (reversed[i], reversed[i + 1]) = (reversed[i + 1], reversed[i]);
                i++;
            }
        }

        return new string(reversed);
    }

    private static RegoValue? FormatInteger(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetNumber(args, 1, out var number) || !context.TryGetNumber(args, 2, out var numberBase))
            return null;
        var radix = numberBase.ToText();
        if (radix is not ("2" or "8" or "10" or "16"))
            return context.FailType("operand 2 must be one of {2, 8, 10, 16}");
        context.StepDigits(number);
        if (!number.TryGetBigInteger(out var integer))
        {
            if (!number.TryGetFloat(out var value))
                return context.Fail("number too big");
            integer = value.Truncate();
        }

        context.SpendText(integer.GetBitLength());
        return new RegoString(GoNumbers.Integer(integer, int.Parse(radix, CultureInfo.InvariantCulture), upper: false));
    }
}
