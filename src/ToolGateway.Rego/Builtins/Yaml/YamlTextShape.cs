namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Which styles a string allows, found by libyaml's rules.</summary>
internal readonly record struct YamlTextShape(bool PlainAllowed, bool SingleQuotedAllowed, bool BlockAllowed)
{
    public static YamlTextShape Of(string text)
    {
        if (text.Length == 0)
            return new YamlTextShape(PlainAllowed: false, SingleQuotedAllowed: true, BlockAllowed: false);
        var indicators = text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal) || StartsWithIndicator(text);
        bool special = false, spaceThenBreak = false, breakThenSpace = false, breaks = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            special |= !IsPrintable(c);
            breaks |= IsBreak(c);
            spaceThenBreak |= IsBreak(c) && i > 0 && text[i - 1] == ' ';
            breakThenSpace |= c == ' ' && i > 0 && IsBreak(text[i - 1]);
            indicators |= i > 0 && c == ':' && IsBlankAt(text, i + 1);
            indicators |= i > 0 && c == '#' && IsBlankAt(text, i - 1);
        }

        var edges = IsEdge(text[0]) || IsEdge(text[^1]);
        var anyBlock = !spaceThenBreak && !special;
        return new YamlTextShape(
            PlainAllowed: anyBlock && !edges && !breakThenSpace && !breaks && !indicators,
            SingleQuotedAllowed: anyBlock && !breakThenSpace,
            BlockAllowed: anyBlock && text[^1] != ' ');
    }

    /// <summary>Whether libyaml prints the character as it is; characters beyond the basic plane come as surrogates and are escaped.</summary>
    public static bool IsPrintable(char c) =>
        c is '\n' or (>= ' ' and <= '~') or (>= '\u00a0' and <= '\ud7ff') or (>= '\ue000' and <= '\ufffd' and not '\ufeff');

    private static bool StartsWithIndicator(string text) => text[0] switch
    {
        '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => true,
        '?' or ':' or '-' => IsBlankAt(text, 1),
        _ => false,
    };

    private static bool IsBlankAt(string text, int at) => at >= text.Length || text[at] is ' ' or '\t' || IsBreak(text[at]);

    private static bool IsBreak(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    private static bool IsEdge(char c) => c == ' ' || IsBreak(c);
}
