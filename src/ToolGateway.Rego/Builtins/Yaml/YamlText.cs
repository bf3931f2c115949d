using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Writes one string in the style that libyaml would choose, folded where a line is too long.</summary>
internal readonly partial struct YamlText(StringBuilder output, int indent, bool isKey)
{
    private const int BestWidth = 80;

    public void Write(string text)
    {
        var shape = YamlTextShape.Of(text);
        if (text.Contains('\n', StringComparison.Ordinal))
        {
            if (shape.BlockAllowed && !isKey)
                WriteLiteral(text);
            else
                WriteDouble(text);
        }
        else if (!YamlScalars.IsString(text) || text == "<<" || SexagesimalOrTime().IsMatch(text))
        {
            WriteDouble(text);
        }
        else if (shape.PlainAllowed)
        {
            WriteFolded(text, plain: true);
        }
        else if (shape.SingleQuotedAllowed)
        {
            output.Append('\'');
            WriteFolded(text.Replace("'", "''", StringComparison.Ordinal), plain: false);
            output.Append('\'');
        }
        else
        {
            WriteDouble(text);
        }
    }

    private int Column
    {
        get
        {
            var at = output.Length - 1;
            while (at >= 0 && output[at] != '\n')
                at--;
            return output.Length - 1 - at;
        }
    }

    private void NewLine() => output.Append('\n').Append(' ', indent);

    private void WriteFolded(string text, bool plain)
    {
        var column = Column;
        for (var i = 0; i < text.Length; i++)
        {
            var breakable = !isKey && text[i] == ' ' && column > BestWidth && (i == 0 || text[i - 1] != ' ') && i + 1 < text.Length && text[i + 1] != ' ';
            if (breakable && (plain || i > 0))
            {
                NewLine();
                column = indent;
                continue;
            }

            output.Append(text[i]);
            column += char.IsLowSurrogate(text[i]) ? 0 : 1;
        }
    }

    private void WriteLiteral(string text)
    {
        output.Append('|');
        if (text[0] is ' ' or '\n')
            output.Append('2');
        if (!text.EndsWith('\n'))
            output.Append('-');
        else if (text.Length == 1 || text[^2] == '\n')
            output.Append('+');
        var body = text.EndsWith('\n') ? text[..^1] : text;
        foreach (var line in body.Split('\n'))
        {
            output.Append('\n');
            if (line.Length > 0)
                output.Append(' ', indent).Append(line);
        }
    }

    private void WriteDouble(string text)
    {
        output.Append('"');
        var column = Column;
        for (var i = 0; i < text.Length; i++)
        {
            if (!isKey && text[i] == ' ' && column > BestWidth && i > 0 && i + 1 < text.Length && text[i - 1] != ' ')
            {
                NewLine();
                column = indent;
                if (text[i + 1] == ' ')
                    output.Append('\\');
                continue;
            }

            var before = output.Length;
            if (Runes.Length(text, i) == 2)
                output.Append(CultureInfo.InvariantCulture, $"\\U{char.ConvertToUtf32(text[i], text[++i]):X8}");
            else
                AppendCharacter(text[i]);
            column += output.Length - before;
        }

        output.Append('"');
    }

    private void AppendCharacter(char c)
    {
        const string Escaped = "\0\a\b\t\n\v\f\r\u001b\"\\\u0085\u00a0\u2028\u2029";
        const string Names = "0abtnvfre\"\\N_LP";
        var known = Escaped.IndexOf(c, StringComparison.Ordinal);
        if (known >= 0)
            output.Append('\\').Append(Names[known]);
        else if (YamlTextShape.IsPrintable(c))
            output.Append(c);
        else
            output.Append(c <= 0xff ? "\\x" : "\\u").Append(((int)c).ToString(c <= 0xff ? "X2" : "X4", CultureInfo.InvariantCulture));
    }

    // Other readers take 1:30 for 90 and dates for points in time, so both are quoted.
    [GeneratedRegex(@"^([-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex SexagesimalOrTime();
}
