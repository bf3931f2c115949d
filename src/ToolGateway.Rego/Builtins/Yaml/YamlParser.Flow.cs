using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Flow collections: [a, b] and {a: b}.</summary>
internal sealed partial class YamlParser
{
    private int _flowDepth;

    private RegoValue ReadFlow()
    {
        Enter();
        _flowDepth++;
        RegoValue value = _text[_at++] == '[' ? ReadFlowSequence() : ReadFlowMapping();
        _flowDepth--;
        return Leave(value);
    }

    private RegoArray ReadFlowSequence()
    {
        var items = new List<RegoValue>();
        while (true)
        {
            SkipFlowBlank();
            if (Current == ']')
                break;
            items.Add(ReadFlowEntry());
            SkipFlowBlank("',' or ']'");
            if (Current == ',')
                _at++;
            else if (Current != ']')
                throw Fail("did not find expected ',' or ']'");
        }

        _at++;
        return RegoArray.Adopt([.. items]);
    }

    // An entry of a sequence may be a single pair, which is a mapping of its own.
    private RegoValue ReadFlowEntry()
    {
        var at = _at;
        var isExplicit = Current == '?' && IsBlankAt(1);
        if (isExplicit)
        {
            _at++;
            SkipFlowBlank();
        }

        var wasQuoted = Current is '"' or '\'' or '[' or '{';
        var node = ReadFlowNode();
        if (!TryColon(wasQuoted, "',' or ']'") && !isExplicit)
            return node;
        var pair = new RegoObjectBuilder();
        var value = Current is ',' or ']' ? RegoNull.Value : ReadFlowNode();
        Put(pair, new YamlKey(node, IsMerge: false, HasValue: true, isExplicit, at), value);
        return pair.ToObject();
    }

    private RegoObject ReadFlowMapping()
    {
        var members = new RegoObjectBuilder();
        while (true)
        {
            SkipFlowBlank();
            if (Current == '}')
                break;
            var at = _at;
            if (Current == '?' && IsBlankAt(1))
            {
                _at++;
                SkipFlowBlank();
            }

            var isMerge = Current == '<' && Peek(1) == '<';
            var wasQuoted = Current is '"' or '\'' or '[' or '{';
            var key = Current == ':' && (IsBlankAt(1) || FlowIndicators.Contains(Peek(1), StringComparison.Ordinal)) ? RegoNull.Value : ReadFlowNode();
            var value = TryColon(wasQuoted, "',' or '}'") && Current is not (',' or '}') ? ReadFlowNode() : RegoNull.Value;
            Put(members, new YamlKey(key, isMerge, HasValue: true, IsExplicit: false, at), value);
            SkipFlowBlank("',' or '}'");
            if (Current == ',')
                _at++;
            else if (Current != '}')
                throw Fail("did not find expected ',' or '}'");
        }

        _at++;
        return members.ToObject();
    }

    private bool TryColon(bool adjacentIsEnough, string expected)
    {
        SkipFlowBlank(expected);
        if (Current != ':' || (!adjacentIsEnough && !IsBlankAt(1) && !FlowIndicators.Contains(Peek(1), StringComparison.Ordinal)))
            return false;
        _at++;
        SkipFlowBlank();
        return true;
    }

    private RegoValue ReadFlowNode()
    {
        var inline = true;
        var properties = ReadProperties(ref inline, -1);
        if (properties is not null)
            SkipFlowBlank();
        var value = Current switch
        {
            '[' or '{' => ReadFlow(),
            '*' => ReadAlias(),
            '"' or '\'' => Scalar(ReadQuoted(), properties ?? default, plain: false),
            _ => Scalar(ReadFlowPlain(), properties ?? default, plain: true),
        };
        return Anchor(properties, value);
    }

    private void SkipFlowBlank(string expected = "node content")
    {
        SkipBlank();
        if (AtEnd || IsMarker("---") || IsMarker("..."))
            throw Fail("did not find expected " + expected);
    }
}
