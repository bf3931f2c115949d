using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Plain and quoted scalars, and how their lines are folded.</summary>
internal sealed partial class YamlParser
{
    private string ReadPlainWithinLine()
    {
        CheckPlainStart();
        var start = _at;
        while (!AtEnd && Current != '\n' && !(Current == ':' && IsBlankAt(1)) && !(Current == '#' && _at > start && _text[_at - 1] is ' ' or '\t'))
        {
            if (_flowDepth > 0 && (FlowIndicators.Contains(Current, StringComparison.Ordinal) ||
                (Current == ':' && FlowIndicators.Contains(Peek(1), StringComparison.Ordinal))))
                break;
            _at++;
        }

        var text = _text[start.._at].TrimEnd(' ', '\t');
        _at = start + text.Length;
        return text;
    }

    private void CheckPlainStart()
    {
        if (Current is '@' or '`' or '%' || (Current is ',' or ']' or '}' && _flowDepth == 0))
            throw Fail("found character that cannot start any token");
        if (Current is '|' or '>' && _flowDepth > 0)
            throw Fail("found character that cannot start any token");
    }

    /// <summary>A plain scalar with its continuation lines, which are deeper than <paramref name="parent"/>.</summary>
    private string ReadPlain(int parent)
    {
        var text = new StringBuilder(ReadPlainWithinLine());
        while (true)
        {
            if (Current == ':')
                throw Fail("mapping values are not allowed in this context");
            var end = _at;
            SkipSpaces();
            if (Current != '\n')
            {
                _at = Current == '#' || AtEnd ? _at : end;
                return text.ToString();
            }

            var breaks = SkipBreaks();
            if (AtDocumentEnd || Column <= parent || Current == '#')
            {
                _at = end;
                return text.ToString();
            }

            var next = ReadPlainWithinLine();
            Fold(text, breaks).Append(next);
        }
    }

    private string ReadFlowPlain()
    {
        var start = _at;
        var text = new StringBuilder(ReadPlainWithinLine());
        while (true)
        {
            var end = _at;
            SkipSpaces();
            if (Current != '\n')
            {
                if (_at == start && text.Length == 0 && !FlowIndicators.Contains(Current, StringComparison.Ordinal) && Current != ':')
                    throw Fail("did not find expected node content");
                return text.ToString();
            }

            var breaks = SkipBreaks();
            if (AtEnd || Current is '#' or ':' || FlowIndicators.Contains(Current, StringComparison.Ordinal))
            {
                _at = Current is '#' ? end : _at;
                return text.ToString();
            }

            Fold(text, breaks).Append(ReadPlainWithinLine());
        }
    }

    private static StringBuilder Fold(StringBuilder text, int breaks) => breaks == 1 ? text.Append(' ') : text.Append('\n', breaks - 1);

    // Line breaks and the indentation behind them; the number of breaks.
    private int SkipBreaks()
    {
        var breaks = 0;
        while (Current == '\n')
        {
            breaks++;
            _at++;
            SkipSpaces();
        }

        return breaks;
    }

    private string ReadQuoted()
    {
        var start = _at;
        var quote = _text[_at++];
        var text = new StringBuilder();
        while (true)
        {
            if (AtEnd || IsMarker("---") || IsMarker("..."))
                throw FailAt(start, "found unexpected end of stream");
            var c = Current;
            if (c == quote)
            {
                _at++;
                if (quote != '\'' || Current != '\'')
                    return text.ToString();
                text.Append('\'');
                _at++;
            }
            else if (c == '\\' && quote == '"')
            {
                ReadEscape(text);
            }
            else if (c is ' ' or '\t' or '\n')
            {
                ReadQuotedSpace(text);
            }
            else
            {
                text.Append(c);
                _at++;
            }
        }
    }

    private void ReadQuotedSpace(StringBuilder text)
    {
        var start = _at;
        SkipSpaces();
        if (Current == '\n')
            Fold(text, SkipBreaks());
        else
            text.Append(_text, start, _at - start);
    }

    private void ReadEscape(StringBuilder text)
    {
        var c = Peek(1);
        _at += 2;
        const string Names = "0abtnvfre\"/\\N_LP \t";
        const string Values = "\0\a\b\t\n\v\f\r\u001b\"/\\\u0085\u00a0\u2028\u2029 \t";
        var known = Names.IndexOf(c, StringComparison.Ordinal);
        if (c == '\n')
        {
            _at--;
            var breaks = SkipBreaks();
            text.Append('\n', breaks - 1);
        }
        else if (known >= 0)
        {
            text.Append(Values[known]);
        }
        else
        {
            var length = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => throw Fail("found unknown escape character") };
            if (_at + length > _text.Length || !int.TryParse(_text.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                throw Fail("did not find expected hexdecimal number");
            if (!Rune.IsValid(code))
                throw Fail("found invalid Unicode character escape code");
            text.Append(new Rune(code).ToString());
            _at += length;
        }
    }
}
