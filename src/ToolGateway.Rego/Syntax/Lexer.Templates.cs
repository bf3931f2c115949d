namespace ToolGateway.Rego.Syntax;

internal sealed partial class Lexer
{
    private void StartTemplate()
    {
        var start = _at;
        var raw = Peek(1) == '`';
        _at += 2;
        Add(TokenKind.TemplateStart, start);
        _templates.Push(new TemplateFrame(raw, _braces, start));
        ReadTemplateText(raw);
    }

    private void ResumeTemplate()
    {
        var start = _at++;
        Add(TokenKind.TemplateClose, start);
        ReadTemplateText(_templates.Peek().IsRaw);
    }

    /// <summary>Reads text up to the next expression or the end of the template.</summary>
    private void ReadTemplateText(bool raw)
    {
        var start = _at;
        string? error = null;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '{' || c == (raw ? '`' : '"') || (!raw && c == '\n'))
                break;
            _at++;
            if (c != '\\')
                continue;
            if (!raw)
                error ??= SkipEscape(template: true);
            else if (Peek(0) == '{')
                _at++;
        }

        if (error is not null)
            Fail(start, error);
        else if (_at > start)
            Add(TokenKind.TemplateText, start);
        EndTemplateText();
    }

    private void EndTemplateText()
    {
        var start = _at;
        var frame = _templates.Peek();
        if (_at >= _text.Length || _text[_at] == '\n')
        {
            _templates.Pop();
            _braces = frame.Braces;
            Fail(frame.Start, "non-terminated string");
        }
        else if (_text[_at] == '{')
        {
            _at++;
            Add(TokenKind.TemplateOpen, start);
            _braces = 0;
        }
        else
        {
            _at++;
            _templates.Pop();
            _braces = frame.Braces;
            Add(TokenKind.TemplateEnd, start);
        }
    }
}
