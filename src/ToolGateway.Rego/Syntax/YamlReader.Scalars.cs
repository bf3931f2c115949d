using System.Text;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

internal sealed partial class YamlReader
{
    /// <summary>A value that begins on the present line after its key or dash; lines that are indented deeper than <paramref name="indent"/> continue it.</summary>
    private RegoValue ReadValue(string text, int indent)
    {
        switch (text[0])
        {
            case '|' or '>':
                return ReadBlock(text, indent);
            case '[' or '{' or '"' or '\'':
                return new YamlFlow(JoinContinuation(text, indent), Fail).ReadAll();
            case '&' or '*' or '!' or '%' or '@' or '`':
                throw Fail($"found character that cannot start any token: '{text[0]}'");
            default:
                if (FindColon(text) >= 0)
                    throw Fail("mapping values are not allowed in this context");
                return ReadPlain(StripComment(JoinContinuation(text, indent)));
        }
    }

    private string JoinContinuation(string text, int indent)
    {
        var joined = new StringBuilder(StripComment(text));
        var flow = text[0] is '[' or '{' or '"' or '\'';
        _at++;
        while (_at < _lines.Count && (Line.Indent > indent || (flow && Line.Text.Length > 0 && Line.Text[0] is ']' or '}')) && Line.Text.Length > 0)
        {
            if (!flow && FindColon(Line.Text) >= 0)
                throw Fail("mapping values are not allowed in this context");
            joined.Append(' ').Append(StripComment(Line.Text));
            _at++;
        }

        return joined.ToString();
    }

    private static string StripComment(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote != '\0')
                quote = text[i] == quote ? '\0' : quote;
            else if (text[i] is '"' or '\'')
                quote = i == 0 || text[i - 1] is ' ' or '[' or '{' or ',' ? text[i] : '\0';
            else if (text[i] == '#' && (i == 0 || text[i - 1] == ' '))
                return text[..i].TrimEnd();
        }

        return text;
    }

    private RegoString ReadBlock(string header, int indent)
    {
        _at++;
        var lines = new List<string>();
        var width = -1;
        for (; _at < _lines.Count && (Line.Text.Length == 0 || Line.Indent > indent); _at++)
        {
            if (width < 0 && Line.Text.Length > 0)
                width = Line.Indent;
            lines.Add(Line.Raw.Length > width && width >= 0 ? Line.Raw[width..] : "");
        }

        var trailing = lines.AsEnumerable().Reverse().TakeWhile(static line => line.Length == 0).Count();
        var body = lines.Take(lines.Count - trailing).ToList();
        var text = header[0] == '|' ? string.Join('\n', body) : Fold(body);
        return new RegoString(header.Contains('-', StringComparison.Ordinal) || body.Count == 0 ? text
            : header.Contains('+', StringComparison.Ordinal) ? text + new string('\n', trailing + 1) : text + "\n");
    }

    private static string Fold(List<string> lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0)
                text.Append(lines[i].Length == 0 ? "\n" : lines[i - 1].Length == 0 ? "" : " ");
            text.Append(lines[i]);
        }

        return text.ToString();
    }

    internal static RegoValue ReadPlain(string text)
    {
        if (text.Length > 1 && text[0] is '"' or '\'')
            return new YamlFlow(text, static message => new FormatException(message)).ReadAll();
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => RegoNull.Value,
            "true" or "True" or "TRUE" => RegoBoolean.True,
            "false" or "False" or "FALSE" => RegoBoolean.False,
            _ => Number().IsMatch(text) ? RegoNumber.Parse(text) : new RegoString(text),
        };
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
