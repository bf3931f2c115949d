using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>regex.template_match: text with regular expressions between delimiters.</summary>
internal static class RegexTemplate
{
    public static RegoValue? Match(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is not RegoString)
                return context.FailOperand(i + 1, "string", args[i]);
        }

        var start = ((RegoString)args[2]).Value;
        var end = ((RegoString)args[3]).Value;
        if (Encoding.UTF8.GetByteCount(start) is var startBytes && startBytes != 1)
            return context.Fail($"start delimiter has to be exactly one character long but is {startBytes} long");
        if (Encoding.UTF8.GetByteCount(end) != 1)
            return context.Fail($"end delimiter has to be exactly one character long but is {startBytes} long");
        if (Translate(context, ((RegoString)args[0]).Value, start[0], end[0]) is not { } pattern)
            return RegoBoolean.False;
        return RegexCache.Get(context, pattern) is { } regex
            ? RegoBoolean.Of(regex.IsMatch(((RegoString)args[1]).Value, context.Budget))
            : null;
    }

    /// <summary>The anchored pattern for a template; null when its delimiters are unbalanced or a part is no pattern: such a template matches nothing.</summary>
    private static string? Translate(BuiltinContext context, string template, char open, char close)
    {
        context.Budget.Step(1 + (template.Length / 16));
        context.Budget.Charge(template.Length * 8L);
        var pattern = new StringBuilder("^");
        var level = 0;
        var start = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == open)
            {
                if (++level == 1)
                {
                    AppendQuoted(pattern, template.AsSpan(start, i - start));
                    start = i + 1;
                }
            }
            else if (template[i] == close)
            {
                if (--level < 0)
                    break;
                if (level > 0)
                    continue;
                var part = template[start..i];
                if (GoRegex.Parse($"^{part}$", context.Budget, out _, out _) is null)
                    return null;

                pattern.Append('(').Append(part).Append(')');
                start = i + 1;
            }
        }

        if (level != 0)
            return null;

        AppendQuoted(pattern, template.AsSpan(start));
        return pattern.Append('$').ToString();
    }

    private static void AppendQuoted(StringBuilder pattern, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (@"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal))
                pattern.Append('\\');
            pattern.Append(c);
        }
    }
}
