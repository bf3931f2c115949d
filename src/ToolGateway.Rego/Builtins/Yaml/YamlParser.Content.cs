using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Node properties, aliases, and the choice between the kinds of content.</summary>
internal sealed partial class YamlParser
{
    private const string FlowIndicators = ",[]{}";

    private readonly record struct NodeProperties(string? Anchor, string? Tag, bool OnSameLine);

    private NodeProperties? ReadProperties(ref bool inline, int parent)
    {
        string? anchor = null, tag = null;
        var found = false;
        var sameLine = true;
        while ((Current == '&' && anchor is null) || (Current == '!' && tag is null))
        {
            found = true;
            var start = _at++;
            while (!IsBlankAt(0) && !(_flowDepth > 0 && FlowIndicators.Contains(Current, StringComparison.Ordinal)))
                _at++;
            if (_text[start] == '&')
                anchor = _at - start > 1 ? _text[(start + 1).._at] : throw FailAt(start, "did not find expected alphabetic or numeric character");
            else
                tag = _text[start.._at];
            SkipToLineEnd();
            if (Current != '\n')
                continue;
            var lineEnd = _at;
            SkipBlank();
            if (_flowDepth == 0 && !AtDocumentEnd && Column <= parent && !IsItemAt(parent))
            {
                _at = lineEnd;
                break;
            }

            sameLine = false;
            inline = false;
        }

        return found ? new NodeProperties(anchor, tag, sameLine) : null;
    }

    private RegoValue Anchor(NodeProperties? properties, RegoValue value)
    {
        if (properties?.Anchor is { } name)
            _anchors[name] = value;
        return value;
    }

    private RegoValue ReadContent(int parent, NodeProperties? properties)
    {
        RegoValue value;
        switch (Current)
        {
            case '|' or '>':
                return Scalar(ReadBlockScalar(parent), properties ?? default, plain: false);
            case '[' or '{':
                value = ReadFlow();
                break;
            case '*':
                value = ReadAlias();
                break;
            case '"' or '\'':
                value = Scalar(ReadQuoted(), properties ?? default, plain: false);
                break;
            default:
                return Scalar(ReadPlain(parent), properties ?? default, plain: true);
        }

        SkipToLineEnd();
        if (!AtEnd && Current != '\n')
            throw Fail(Current == ':' ? "mapping values are not allowed in this context" : "did not find expected key");
        return value;
    }

    /// <summary>A key: content that ends within its line.</summary>
    private RegoValue ReadSingleLine(NodeProperties? properties) => Current switch
    {
        '[' or '{' => ReadFlow(),
        '*' => ReadAlias(),
        '"' or '\'' => Scalar(ReadQuoted(), properties ?? default, plain: false),
        _ => Scalar(ReadPlainWithinLine(), properties ?? default, plain: true),
    };

    private RegoValue ReadAlias()
    {
        var start = _at++;
        while (!IsBlankAt(0) && !FlowIndicators.Contains(Current, StringComparison.Ordinal))
            _at++;
        var name = _text[(start + 1).._at];
        return _anchors.TryGetValue(name, out var value) ? Repeat(value, start) : throw FailAt(start, $"unknown anchor '{name}' referenced");
    }

    private RegoValue Scalar(string text, NodeProperties properties, bool plain) =>
        YamlScalars.Resolve(text, properties.Tag, plain, out var error) ?? throw Fail(error!);

    /// <summary>Whether a key and its colon start here, looking no further than this line.</summary>
    private bool IsImplicitKey()
    {
        var start = _at;
        try
        {
            if (Current == ':' && IsBlankAt(1))
                return true;
            switch (Current)
            {
                case '|' or '>' or '\n' or '\0' or '#' or '%' or '@' or '`':
                    return false;
                case '"' or '\'':
                    if (!SkipQuotedWithinLine())
                        return false;
                    break;
                case '[' or '{':
                    if (!SkipFlowWithinLine())
                        return false;
                    break;
                case '*':
                    while (!IsBlankAt(0))
                        _at++;
                    break;
                default:
                    ReadPlainWithinLine();
                    break;
            }

            SkipSpaces();
            return Current == ':' && IsBlankAt(1);
        }
        finally
        {
            _at = start;
        }
    }

    private bool SkipQuotedWithinLine()
    {
        var quote = Current;
        for (_at++; !AtEnd && Current != '\n'; _at++)
        {
            if (Current == '\\' && quote == '"')
                _at++;
            else if (Current == quote)
            {
                _at++;
                if (quote != '\'' || Current != '\'')
                    return true;
            }
        }

        return false;
    }

    private bool SkipFlowWithinLine()
    {
        var open = 0;
        while (!AtEnd && Current != '\n')
        {
            if (Current is '"' or '\'' && _text[_at - 1] is ' ' or ',' or '[' or '{' or ':')
            {
                if (!SkipQuotedWithinLine())
                    return false;
                continue;
            }

            open += Current is '[' or '{' ? 1 : Current is ']' or '}' ? -1 : 0;
            _at++;
            if (open == 0)
                return true;
        }

        return false;
    }
}
