namespace ToolGateway.Rego.Syntax;

internal sealed partial class Lexer
{
    private void ReadNumber()
    {
        var start = _at;
        SkipDigits();
        var fraction = start > 0 && _text[start - 1] == '.';
        var error = start + 1 < _at && _text[start] == '0' && !fraction ? "expected number" : null;
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            SkipDigits();
        }

        if (Peek(0) is 'e' or 'E')
        {
            _at++;
            if (Peek(0) is '+' or '-')
                _at++;
            if (!char.IsAsciiDigit(Peek(0)))
                error ??= "expected exponent";
            SkipDigits();
        }

        if (IsLetter(Peek(0)))
            error ??= "illegal number format";
        if (error is null)
            Add(TokenKind.Number, start);
        else
            Fail(start, error);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek(0)))
            _at++;
    }

    private void ReadString()
    {
        var start = _at++;
        string? error = null;
        while (true)
        {
            if (_at >= _text.Length || _text[_at] == '\n')
            {
                Fail(start, "non-terminated string");
                return;
            }

            var c = _text[_at++];
            if (c == '"')
                break;
            if (c == '\\')
                error ??= SkipEscape(template: false);
            else if (c < ' ')
                error ??= "illegal string literal: control characters must be escaped";
        }

        if (error is null)
            Add(TokenKind.String, start);
        else
            Fail(start, error);
    }

    /// <summary>Passes what follows a backslash; returns what is wrong with it.</summary>
    private string? SkipEscape(bool template)
    {
        if (Peek(0) is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't' || (template && Peek(0) == '{'))
        {
            _at++;
            return null;
        }

        if (Peek(0) != 'u')
            return "illegal escape sequence";
        _at++;
        for (var i = 0; i < 4; i++, _at++)
        {
            if (!char.IsAsciiHexDigit(Peek(0)))
                return "illegal escape sequence";
        }

        return null;
    }

    private void ReadRawString()
    {
        var start = _at;
        var end = _text.IndexOf('`', start + 1);
        _at = end < 0 ? _text.Length : end + 1;
        if (end < 0)
            Fail(start, "non-terminated string");
        else
            Add(TokenKind.RawString, start);
    }
}
