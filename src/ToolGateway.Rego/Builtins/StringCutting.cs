using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>substring, split, strings.split_n and the trims.</summary>
internal static class StringCutting
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("substring(value:string, offset:number, length:number) -> string", Substring),
        Signature.Declare("split(x:string, delimiter:string) -> array[string]", Split),
        Signature.Declare("strings.split_n(x:string, delimiter:string, n:number) -> array[string]", SplitSome),
        Signature.Declare("trim(value:string, cutset:string) -> string", (c, a) => Two(c, a, static (s, set) => TrimEnd(TrimStart(s, set), set))),
        Signature.Declare("trim_left(value:string, cutset:string) -> string", (c, a) => Two(c, a, TrimStart)),
        Signature.Declare("trim_right(value:string, cutset:string) -> string", (c, a) => Two(c, a, TrimEnd)),
        Signature.Declare("trim_prefix(value:string, prefix:string) -> string", (c, a) => Two(c, a, TrimPrefix)),
        Signature.Declare("trim_suffix(value:string, suffix:string) -> string", (c, a) => Two(c, a, TrimSuffix)),
        Signature.Declare("trim_space(value:string) -> string", TrimSpace),
    ];

    private static RegoValue? Substring(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text) || !context.TryGetInteger(args, 2, out var offset) || !context.TryGetInteger(args, 3, out var length))
            return null;
        if (offset < 0)
            return context.Fail("negative offset");
        context.SpendText(text.Length);
        int start, end;
        if (Runes.HasSurrogates(text))
        {
            start = Runes.Offset(text, offset);
            end = length < 0 ? text.Length : start + Runes.Offset(text[start..], length);
        }
        else
        {
            start = (int)Math.Min(offset, text.Length);
            end = length < 0 ? text.Length : start + (int)Math.Min(length, text.Length - start);
        }

        return start == 0 && end == text.Length ? args[0] : RegoString.Of(text[start..end]);
    }

    private static RegoArray? Split(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetText(args, 1, out var text) && context.TryGetText(args, 2, out var delimiter) ? RegoArray.Adopt(Parts(context, text, delimiter)) : null;

    private static RegoArray? SplitSome(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text) || !context.TryGetText(args, 2, out var delimiter) || !context.TryGetInteger(args, 3, out var n))
            return null;
        var parts = Parts(context, text, delimiter);
        if (n >= parts.Length || n <= -parts.Length)
            return RegoArray.Adopt(parts);
        return RegoArray.Of(n >= 0 ? parts.AsSpan(0, (int)n) : parts.AsSpan(parts.Length + (int)n));
    }

    private static RegoValue[] Parts(BuiltinContext context, string text, string delimiter)
    {
        context.SpendText(text.Length);
        var parts = new List<RegoValue>();
        var start = 0;
        while (start <= text.Length)
        {
            context.Spend(1, 56);
            int end, next;
            if (delimiter.Length == 0)
            {
                if (start == text.Length)
                    break;
                next = end = start + Runes.Length(text, start);
            }
            else
            {
                end = text.IndexOf(delimiter, start, StringComparison.Ordinal);
                if (end < 0)
                    end = text.Length;
                next = end == text.Length ? text.Length + 1 : end + delimiter.Length;
            }

            parts.Add(RegoString.Of(text[start..end]));
            start = next;
        }

        return [.. parts];
    }

    private static RegoValue? Two(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<string, string, string> function)
    {
        if (!context.TryGetText(args, 1, out var text) || !context.TryGetText(args, 2, out var second))
            return null;
        context.SpendText(text.Length);
        var result = function(text, second);
        return result.Length == text.Length ? args[0] : RegoString.Of(result);
    }

    private static RegoValue? TrimSpace(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText(text.Length);
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        var end = text.Length;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return end - start == text.Length ? args[0] : RegoString.Of(text[start..end]);
    }

    // Unicode's White_Space property, which Go uses; .NET adds the separators U+001C to U+001F.
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) && c is not (>= '\u001c' and <= '\u001f');

    private static string TrimStart(string text, string set)
    {
        var start = 0;
        while (start < text.Length && Holds(set, text, start, Runes.Length(text, start)))
            start += Runes.Length(text, start);
        return text[start..];
    }

    private static string TrimEnd(string text, string set)
    {
        var end = text.Length;
        while (end > 0)
        {
            var length = end > 1 && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
            if (!Holds(set, text, end - length, length))
                break;
            end -= length;
        }

        return text[..end];
    }

    private static bool Holds(string set, string text, int at, int length) => set.AsSpan().IndexOf(text.AsSpan(at, length)) >= 0;

    private static string TrimPrefix(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    private static string TrimSuffix(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;
}
