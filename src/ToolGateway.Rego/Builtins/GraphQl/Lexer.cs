using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>The kinds of token.</summary>
internal enum TokenKind
{
    Invalid,
    End,
    Punctuator,
    Name,
    Int,
    Float,
    String,
    BlockString,
}

/// <summary>A token with its place, counted from one.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, int Column)
{
    /// <summary>The kind, or the punctuator itself, as messages name it.</summary>
    public string Title => Kind switch
    {
        TokenKind.Invalid => "<Invalid>",
        TokenKind.End => "<EOF>",
        TokenKind.Punctuator => Text,
        _ => Kind.ToString(),
    };

    public override string ToString() => Kind is TokenKind.Punctuator || Text.Length == 0 ? Title : $"{Title} {new Values.RegoString(Text).ToJson()}";

    public bool Is(string punctuator) => Kind == TokenKind.Punctuator && Text == punctuator;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;
}

/// <summary>Takes GraphQL text apart.</summary>
internal sealed class Lexer(string text)
{
    private int _at;
    private int _line = 1;
    private int _lineStart;

    public Token Next()
    {
        SkipIgnored();
        if (_at >= text.Length)
            return Make(TokenKind.End, "", _at);
        var start = _at;
        var c = text[_at];
        if (c == '_' || char.IsAsciiLetter(c))
        {
            while (_at < text.Length && (text[_at] == '_' || char.IsAsciiLetterOrDigit(text[_at])))
                _at++;
            return Make(TokenKind.Name, text[start.._at], start);
        }

        if (c == '-' || char.IsAsciiDigit(c))
            return ReadNumber();
        if (c == '"')
            return text.AsSpan(_at).StartsWith("\"\"\"") ? ReadBlockString() : ReadString();
        if (text.AsSpan(_at).StartsWith("..."))
        {
            _at += 3;
            return Make(TokenKind.Punctuator, "...", start);
        }

        _at++;
        return Make("!$&():=@[]{}|".Contains(c, StringComparison.Ordinal) ? TokenKind.Punctuator : TokenKind.Invalid, c.ToString(), start);
    }

    private Token Make(TokenKind kind, string value, int start) =>
        new(kind, kind == TokenKind.Invalid ? "" : value, _line, Math.Max(1, Columns(start) + 1));

    /// <summary>Code points since the start of the line.</summary>
    private int Columns(int at)
    {
        var columns = 0;
        for (var i = _lineStart; i < at; i++)
            columns += char.IsLowSurrogate(text[i]) ? 0 : 1;
        return columns;
    }

    private void SkipIgnored()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c is '\n' or '\r')
                SkipNewline();
            else if (c is ' ' or '\t' or ',' or '\uFEFF')
                _at++;
            else if (c == '#')
                while (_at < text.Length && text[_at] is not ('\n' or '\r'))
                    _at++;
            else
                return;
        }
    }

    private void SkipNewline()
    {
        _at += text.AsSpan(_at).StartsWith("\r\n") ? 2 : 1;
        _line++;
        _lineStart = _at;
    }

    private Token ReadNumber()
    {
        var start = _at;
        var isFloat = false;
        if (text[_at] == '-')
            _at++;
        var first = _at;
        var valid = SkipDigits() && (text[first] != '0' || _at == first + 1);
        if (valid && _at < text.Length && text[_at] == '.')
        {
            isFloat = true;
            _at++;
            valid = SkipDigits();
        }

        if (valid && _at < text.Length && text[_at] is 'e' or 'E')
        {
            isFloat = true;
            _at++;
            if (_at < text.Length && text[_at] is '+' or '-')
                _at++;
            valid = SkipDigits();
        }

        return Make(!valid ? TokenKind.Invalid : isFloat ? TokenKind.Float : TokenKind.Int, text[start.._at], start);
    }

    private bool SkipDigits()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
        return _at > start;
    }

    private Token ReadString()
    {
        // Places within strings begin after the quotation mark.
        var start = ++_at;
        var value = new StringBuilder();
        while (_at < text.Length && text[_at] is not ('\n' or '\r'))
        {
            var c = text[_at++];
            if (c == '"')
                return Make(TokenKind.String, value.ToString(), start);
            if (c != '\\')
                value.Append(c);
            else if (!TryReadEscape(value))
                break;
        }

        return Make(TokenKind.Invalid, "", start);
    }

    private bool TryReadEscape(StringBuilder value)
    {
        if (_at >= text.Length)
            return false;
        var c = text[_at++];
        if (c == 'u')
        {
            if (_at + 4 > text.Length || !int.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
                return false;
            _at += 4;
            value.Append((char)unit);
            return true;
        }

        var plain = "\"\\/bfnrt".IndexOf(c, StringComparison.Ordinal);
        if (plain < 0)
            return false;
        value.Append("\"\\/\b\f\n\r\t"[plain]);
        return true;
    }

    private Token ReadBlockString()
    {
        var (line, column) = (_line, Columns(_at) + 4);
        _at += 3;
        var raw = new StringBuilder();
        while (_at < text.Length)
        {
            var rest = text.AsSpan(_at);
            if (rest.StartsWith("\"\"\""))
            {
                _at += 3;
                return new Token(TokenKind.BlockString, Dedent(raw.ToString()), line, column);
            }

            if (rest.StartsWith("\\\"\"\""))
            {
                raw.Append("\"\"\"");
                _at += 4;
            }
            else if (rest[0] is '\n' or '\r')
            {
                raw.Append('\n');
                SkipNewline();
            }
            else
            {
                raw.Append(rest[0]);
                _at++;
            }
        }

        return Make(TokenKind.Invalid, "", _at);
    }

    /// <summary>Drops the indentation that all lines but the first share, and blank lines at both ends.</summary>
    private static string Dedent(string raw)
    {
        var lines = raw.Split('\n');
        var indent = lines.Skip(1).Where(line => line.AsSpan().Trim(" \t").Length > 0)
            .Select(line => line.Length - line.TrimStart(' ', '\t').Length).DefaultIfEmpty(0).Min();
        for (var i = 1; i < lines.Length; i++)
            lines[i] = lines[i][Math.Min(indent, lines[i].Length)..];
        var first = Array.FindIndex(lines, line => line.AsSpan().Trim(" \t").Length > 0);
        if (first < 0)
            return "";
        var last = Array.FindLastIndex(lines, line => line.AsSpan().Trim(" \t").Length > 0);
        return string.Join('\n', lines[first..(last + 1)]);
    }
}
