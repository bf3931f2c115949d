using System.Buffers;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>replace and strings.replace_n: one pass over the text; at each place the first pattern that fits is replaced.</summary>
internal static class StringReplacing
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("replace(x:string, old:string, new:string) -> string", Replace),
        Signature.Declare("strings.replace_n(patterns:object[string:string], value:string) -> string", ReplaceAll),
    ];

    private static RegoValue? Replace(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text) || !context.TryGetText(args, 2, out var old) || !context.TryGetText(args, 3, out var replacement))
            return null;
        var result = Run(context, text, [(old, replacement)]);
        return string.Equals(result, text, StringComparison.Ordinal) ? args[0] : RegoString.Of(result);
    }

    private static RegoValue? ReplaceAll(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 1, out var patterns) || !context.TryGetText(args, 2, out var text))
            return null;
        var pairs = new (string, string)[patterns.Count];
        var count = 0;
        foreach (var (key, value) in patterns.Members)
        {
            context.Spend(1, 16);
            if (key is not RegoString old)
                return context.FailType("operand 1 non-string key found in pattern object");
            if (value is not RegoString replacement)
                return context.FailType("operand 1 non-string value found in pattern object");
            pairs[count++] = (old.Value, replacement.Value);
        }

        return RegoString.Of(Run(context, text, pairs));
    }

    private static string Run(BuiltinContext context, string text, (string Old, string New)[] pairs)
    {
        context.SpendText(text.Length);
        return Array.Exists(pairs, pair => pair.Old.Length == 0) ? BetweenBytes(context, text, pairs) : Scan(context, text, pairs);
    }

    private static string Scan(BuiltinContext context, string text, (string Old, string New)[] pairs)
    {
        if (pairs.Length == 0)
            return text;
        var starts = SearchValues.Create(Array.ConvertAll(pairs, pair => pair.Old[0]));
        var output = new StringBuilder(text.Length);
        var copied = 0;
        for (var at = text.AsSpan().IndexOfAny(starts); at < text.Length && at >= 0;)
        {
            context.Budget.Step(1 + (pairs.Length >> 4));
            var rest = text.AsSpan(at);
            var match = Find(rest, pairs);
            if (match >= 0)
            {
                context.SpendText((long)pairs[match].New.Length + at - copied);
                output.Append(text, copied, at - copied).Append(pairs[match].New);
                copied = at += pairs[match].Old.Length;
            }
            else
            {
                at++;
            }

            var next = text.AsSpan(at).IndexOfAny(starts);
            at = next < 0 ? -1 : at + next;
        }

        return copied == 0 && output.Length == 0 ? text : output.Append(text, copied, text.Length - copied).ToString();
    }

    private static int Find(ReadOnlySpan<char> rest, (string Old, string New)[] pairs)
    {
        for (var i = 0; i < pairs.Length; i++)
        {
            if (rest.StartsWith(pairs[i].Old, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }

    // Go's replacer matches an empty pattern between bytes, not characters: what is not UTF-8 afterwards prints as U+FFFD.
    private static string BetweenBytes(BuiltinContext context, string text, (string Old, string New)[] pairs)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var coded = Array.ConvertAll(pairs, pair => (Old: Encoding.UTF8.GetBytes(pair.Old), New: Encoding.UTF8.GetBytes(pair.New)));
        var output = new ArrayBufferWriter<byte>();
        var copied = 0;
        var afterEmpty = false;
        for (var at = 0; at <= bytes.Length;)
        {
            context.Budget.Step(1 + (pairs.Length >> 4));
            var rest = bytes.AsSpan(at);
            var match = FindBytes(rest, coded, afterEmpty);
            afterEmpty = match >= 0 && coded[match].Old.Length == 0;
            if (match < 0)
            {
                at++;
                continue;
            }

            context.SpendText((long)coded[match].New.Length + at - copied);
            output.Write(bytes.AsSpan(copied, at - copied));
            output.Write(coded[match].New);
            copied = at += coded[match].Old.Length;
        }

        output.Write(bytes.AsSpan(copied));
        return Runes.Decode(output.WrittenSpan);
    }

    private static int FindBytes(ReadOnlySpan<byte> rest, (byte[] Old, byte[] New)[] pairs, bool ignoreEmpty)
    {
        for (var i = 0; i < pairs.Length; i++)
        {
            if (rest.StartsWith(pairs[i].Old) && !(ignoreEmpty && pairs[i].Old.Length == 0))
                return i;
        }

        return -1;
    }
}
