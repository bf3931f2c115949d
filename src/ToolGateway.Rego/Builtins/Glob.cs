using System.Text;
using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The glob family: patterns of gobwas/glob, run as regular expressions.</summary>
internal static class Glob
{
    private const string Special = @"*?\[]{}";

    public static Builtin[] All { get; } =
    [
        Signature.Declare("glob.match(pattern:string, delimiters:null|array[string], match:string) -> boolean", Match),
        Signature.Declare("glob.quote_meta(pattern:string) -> string", QuoteMeta),
    ];

    private static RegoValue? Match(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString pattern)
            return context.FailOperand(1, "string", args[0]);
        if (ReadDelimiters(context, args[1]) is not { } delimiters)
            return null;
        if (args[2] is not RegoString text)
            return context.FailOperand(3, "string", args[2]);
        var regex = Compile(context, pattern.Value, delimiters);
        return regex is null ? null : RegoBoolean.Of(regex.IsMatch(text.Value, context.Budget));
    }

    /// <summary>The delimiters, one character each; none for null, the dot for an empty array.</summary>
    private static string? ReadDelimiters(BuiltinContext context, RegoValue operand)
    {
        switch (operand)
        {
            case RegoNull:
                return "";
            case RegoArray { Count: 0 }:
                return ".";
            case RegoArray { Count: 1 } array when array[0] is RegoString { Value: { Length: 1 } single }:
                return single;
            case RegoArray array:
                var text = new StringBuilder();
                foreach (var item in array.Items)
                {
                    if (item is not RegoString character)
                    {
                        context.FailType("operand 2 must be array of strings but got array containing " + BuiltinContext.KindName(item));
                        return null;
                    }

                    if (character.Value.Length == 0 || character.Value.Length != RegexSearch.WidthAt(character.Value, 0))
                    {
                        context.FailType("operand 2 must be array of single-character strings but got array containing multi-character string");
                        return null;
                    }

                    text.Append(character.Value);
                }

                return text.ToString();
            default:
                context.FailOperand(2, "one of {array, null}", operand);
                return null;
        }
    }

    private static GoRegex? Compile(BuiltinContext context, string pattern, string delimiters)
    {
        if (RegexCache.Find(delimiters, pattern) is { } known)
            return known;
        if (pattern.Length > GoRegex.MaxPattern)
        {
            context.Fail($"glob pattern too long: {pattern.Length} characters, at most {GoRegex.MaxPattern}");
            return null;
        }

        context.Budget.Step(1 + (pattern.Length / 16));
        context.Budget.Charge(pattern.Length * 64L);
        var parser = new GlobParser(pattern, delimiters);
        var error = "";
        if (parser.Parse() is not { } node || GoRegex.Compile(node, [null], pattern, out error) is not { } regex)
        {
            context.Fail(parser.Error ?? error);
            return null;
        }

        RegexCache.Add(delimiters, pattern, regex);
        return regex;
    }

    private static RegoValue? QuoteMeta(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString pattern)
            return context.FailOperand(1, "string", args[0]);
        context.Budget.Charge(pattern.Value.Length * 6L);
        var text = new StringBuilder(pattern.Value.Length);
        foreach (var c in pattern.Value)
        {
            if (Special.Contains(c, StringComparison.Ordinal))
                text.Append('\\');
            text.Append(c);
        }

        return new RegoString(text.ToString());
    }
}
