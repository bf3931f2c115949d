namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>Cuts a template into texts and the tokens of its actions.</summary>
internal static class TemplateLexer
{
    /// <summary>Texts, and the inside of every action (null for texts). Trim markers are applied, comments are gone.</summary>
    public static List<(string? Text, string? Action)> Split(string template)
    {
        var parts = new List<(string?, string?)>();
        var trimNext = false;
        var at = 0;
        while (at <= template.Length)
        {
            var open = template.IndexOf("{{", at, StringComparison.Ordinal);
            var text = open < 0 ? template[at..] : template[at..open];
            if (trimNext)
                text = text.TrimStart(' ', '\t', '\r', '\n');
            if (open < 0)
            {
                parts.Add((text, null));
                break;
            }

            var start = open + 2;
            if (start + 1 < template.Length && template[start] == '-' && IsSpace(template[start + 1]))
            {
                text = text.TrimEnd(' ', '\t', '\r', '\n');
                start += 2;
            }

            parts.Add((text, null));
            var close = Close(template, start);
            var inside = template[start..close];
            trimNext = inside.EndsWith('-') && inside.Length > 1 && IsSpace(inside[^2]);
            if (trimNext)
                inside = inside[..^2];
            if (!inside.StartsWith("/*", StringComparison.Ordinal))
                parts.Add((null, inside));
            else if (!inside.EndsWith("*/", StringComparison.Ordinal))
                throw new TemplateException("template: comment ends before closing delimiter");
            at = close + 2;
        }

        return parts;
    }

    /// <summary>Tokens of an action: words, quoted texts, and single signs. Spaces are kept as one space token, because they separate operands.</summary>
    public static List<string> Tokens(string action)
    {
        var tokens = new List<string>();
        for (var at = 0; at < action.Length;)
        {
            var start = at;
            var c = action[at];
            if (IsSpace(c))
            {
                while (at < action.Length && IsSpace(action[at]))
                    at++;
                tokens.Add(" ");
                continue;
            }

            if (c is '"' or '`' or '\'')
                at = Quoted(action, at);
            else if (c == ':' && at + 1 < action.Length && action[at + 1] == '=')
                at += 2;
            else if (c is '|' or '(' or ')' or ',' or '=')
                at++;
            else
                at = Word(action, at);
            tokens.Add(action[start..at]);
        }

        return tokens;
    }

    private static int Word(string action, int at)
    {
        var start = at;
        var isNumber = char.IsAsciiDigit(action[at]) || (action[at] is '+' or '-' && at + 1 < action.Length && char.IsAsciiDigit(action[at + 1]));
        if (action[at] is '.' or '$' or '+' or '-')
            at++;
        while (at < action.Length && (char.IsLetterOrDigit(action[at]) || action[at] == '_' || (isNumber && action[at] == '.')))
            at++;
        return at > start ? at : throw new TemplateException($"template: unexpected {Values.GoQuote.QuoteRune(System.Text.Rune.GetRuneAt(action, at))} in command");
    }

    private static int Close(string template, int at)
    {
        if (string.CompareOrdinal(template, at, "/*", 0, 2) == 0)
        {
            var comment = template.IndexOf("*/", at, StringComparison.Ordinal);
            at = comment < 0 ? throw new TemplateException("template: unclosed comment") : comment + 2;
        }

        for (; at < template.Length; at++)
        {
            if (template[at] is '"' or '`' or '\'')
                at = Quoted(template, at) - 1;
            else if (template[at] == '}' && at + 1 < template.Length && template[at + 1] == '}')
                return at;
        }

        throw new TemplateException("template: unclosed action");
    }

    private static int Quoted(string text, int at)
    {
        var quote = text[at++];
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\' && quote != '`')
                at++;
            else if (text[at] == quote)
                return at + 1;
            else if (text[at] == '\n' && quote != '`')
                break;
        }

        throw new TemplateException(quote == '`' ? "template: unterminated raw quoted string" : "template: unterminated quoted string");
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';
}
