using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Recursive descent over the characters of a YAML stream. This part finds its way: lines, columns, comments, documents.</summary>
internal sealed partial class YamlParser
{
    private readonly Dictionary<string, RegoValue> _anchors = new(StringComparer.Ordinal);
    private readonly string _text;
    private int _at;
    private int _depth;

    public YamlParser(string text)
    {
        _text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (_text.StartsWith('\uFEFF'))
            _at = 1;
    }

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private bool AtEnd => _at >= _text.Length;

    /// <summary>The column of the current character, counted from 0.</summary>
    private int Column => _at - (_at == 0 ? 0 : _text.LastIndexOf('\n', _at - 1) + 1);

    public RegoValue ReadDocument()
    {
        SkipBlank();
        if (SkipDirectives() && !IsMarker("---"))
            throw Fail("did not find expected <document start>");
        if (IsMarker("---"))
        {
            _at += 3;
            SkipBlank();
        }

        var value = AtDocumentEnd ? RegoNull.Value : ReadBlockNode(-1, inline: false);
        SkipBlank();
        if (!AtDocumentEnd)
            throw Fail(Column == 0 ? "did not find expected <document start>" : "did not find expected key");
        return value;
    }

    private bool SkipDirectives()
    {
        var found = false;
        for (; Current == '%' && Column == 0; found = true)
        {
            var rest = _text.AsSpan(_at + 1);
            if (!rest.StartsWith("YAML ", StringComparison.Ordinal) && !rest.StartsWith("TAG ", StringComparison.Ordinal))
                throw Fail("found unknown directive name");
            if (rest[0] == 'Y' && rest["YAML ".Length..].TrimStart(' ') is not ['1', '.', '1', ' ' or '\t' or '\n', ..])
                throw Fail("found incompatible YAML document");
            SkipLine();
            SkipBlank();
        }

        return found;
    }

    private bool AtDocumentEnd => AtEnd || IsMarker("---") || IsMarker("...");

    private bool IsMarker(string marker) =>
        string.CompareOrdinal(_text, _at, marker, 0, 3) == 0 && Column == 0 && (_at + 3 >= _text.Length || _text[_at + 3] is ' ' or '\t' or '\n');

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool IsBlankAt(int ahead) => Peek(ahead) is ' ' or '\t' or '\n' or '\0';

    private void SkipLine()
    {
        var end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private void SkipSpaces()
    {
        while (Current is ' ' or '\t')
            _at++;
    }

    /// <summary>Skips spaces, and a comment when one follows them, within the line.</summary>
    private void SkipToLineEnd()
    {
        SkipSpaces();
        if (Current == '#' && (_at == 0 || _text[_at - 1] is ' ' or '\t' or '\n'))
            SkipLine();
    }

    /// <summary>Skips spaces, comments and line breaks.</summary>
    private void SkipBlank()
    {
        while (true)
        {
            SkipToLineEnd();
            if (Current != '\n')
                break;
            _at++;
        }

        var start = _at - Column;
        if (!AtEnd && _text.AsSpan(start, _at - start).Contains('\t') && string.IsNullOrWhiteSpace(_text[start.._at]) && _flowDepth == 0)
            throw Fail("found character that cannot start any token");
    }

    private void Enter()
    {
        if (++_depth > RegoJson.MaxDepth)
            throw Fail("exceeded max depth of " + RegoJson.MaxDepth);
    }

    private YamlException Fail(string message) => FailAt(_at, message);

    private YamlException FailAt(int at, string message)
    {
        var line = 1 + _text.AsSpan(0, Math.Min(at, _text.Length)).Count('\n');
        return new YamlException(line, $"yaml: line {line}: {message}");
    }
}
