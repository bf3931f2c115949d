using System.Globalization;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>Reads the parts of YAML that look like JSON: <c>[a, b]</c>, <c>{k: v}</c> and quoted strings.</summary>
internal sealed class YamlFlow(string text, Func<string, Exception> fail)
{
    private const int MaxDepth = 64;

    private int _at;
    private int _depth;

    public RegoValue ReadAll()
    {
        var value = ReadValue();
        SkipSpace();
        return _at < text.Length ? throw fail("did not find expected ',' or end of line") : value;
    }

    private RegoValue ReadValue()
    {
        SkipSpace();
        if (_at >= text.Length)
            throw fail("unexpected end of flow value");
        if (++_depth > MaxDepth)
            throw fail("nests too deeply");
        var value = text[_at] switch
        {
            '[' => ReadArray(),
            '{' => ReadObject(),
            '"' or '\'' => ReadQuoted(),
            _ => YamlReader.ReadPlain(ReadBare()),
        };
        _depth--;
        return value;
    }

    private RegoArray ReadArray()
    {
        _at++;
        var items = new List<RegoValue>();
        while (!Ends(']'))
        {
            items.Add(ReadValue());
            if (!Accept(',') && Peek() != ']')
                throw fail("did not find expected ',' or ']'");
        }

        return RegoArray.Adopt([.. items]);
    }

    private RegoObject ReadObject()
    {
        _at++;
        var members = new RegoObjectBuilder();
        while (!Ends('}'))
        {
            var key = ReadValue();
            var value = Accept(':') && Peek() is not (',' or '}') ? ReadValue() : RegoNull.Value;
            members.Set(key is RegoString ? key : new RegoString(key.ToJson()), value);
            if (!Accept(',') && Peek() != '}')
                throw fail("did not find expected ',' or '}'");
        }

        return members.ToObject();
    }

    private RegoString ReadQuoted()
    {
        var quote = text[_at++];
        var value = new StringBuilder();
        for (; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (c == quote && quote == '\'' && _at + 1 < text.Length && text[_at + 1] == '\'')
                value.Append(text[_at++]);
            else if (c == quote)
                break;
            else if (c == '\\' && quote == '"')
                AppendEscape(value);
            else
                value.Append(c);
        }

        if (_at++ >= text.Length)
            throw fail("found unexpected end of stream while scanning a quoted scalar");
        return new RegoString(value.ToString());
    }

    private void AppendEscape(StringBuilder value)
    {
        var length = _at + 1 < text.Length && text[_at + 1] == 'u' ? 6 : 2;
        if (_at + length > text.Length)
            throw fail("found unknown escape character");
        var escape = text.AsSpan(_at, length);
        if (length == 6 && ushort.TryParse(escape[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
            value.Append(StringEscapes.Decode(escape));
        else if (length == 2)
            value.Append(escape[1] == '0' ? "\0" : StringEscapes.Decode(escape));
        else
            throw fail("found unknown escape character");
        _at += length - 1;
    }

    private string ReadBare()
    {
        var start = _at;
        while (_at < text.Length && text[_at] is not (',' or ']' or '}') && !(text[_at] == ':' && (_at + 1 == text.Length || text[_at + 1] == ' ')))
            _at++;
        if (_at == start)
            throw fail("did not find expected node content");
        return text[start.._at].TrimEnd();
    }

    private bool Ends(char close)
    {
        SkipSpace();
        if (_at >= text.Length)
            throw fail($"did not find expected '{close}'");
        return Accept(close);
    }

    private char Peek()
    {
        SkipSpace();
        return _at < text.Length ? text[_at] : '\0';
    }

    private bool Accept(char c)
    {
        if (Peek() != c)
            return false;
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && text[_at] == ' ')
            _at++;
    }
}
