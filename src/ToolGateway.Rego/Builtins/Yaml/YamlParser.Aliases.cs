using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>What aliases may add: a few lines that name each other could otherwise stand for more than memory holds, or nest without end.</summary>
internal sealed partial class YamlParser
{
    private const int MaxAliasedNodes = 400_000;

    private readonly Dictionary<RegoValue, (long Nodes, int Depth)> _sizes = new(ReferenceEqualityComparer.Instance);
    private long _aliasedNodes;

    private RegoValue Repeat(RegoValue value, int at)
    {
        var (nodes, depth) = Size(value);
        _aliasedNodes += nodes;
        if (_aliasedNodes > MaxAliasedNodes)
            throw FailAt(at, "document contains excessive aliasing");
        return _depth + depth <= RegoJson.MaxDepth ? value : throw FailAt(at, "exceeded max depth of " + RegoJson.MaxDepth);
    }

    private (long Nodes, int Depth) Size(RegoValue value)
    {
        if (value is not (RegoArray or RegoObject))
            return (1, 0);
        if (_sizes.TryGetValue(value, out var known))
            return known;
        var (nodes, depth) = (1L, 0);
        foreach (var part in value is RegoArray array ? array : ((RegoObject)value).Select(static member => member.Value))
        {
            var inner = Size(part);
            nodes = Math.Min(nodes + inner.Nodes, MaxAliasedNodes + 1);
            depth = Math.Max(depth, inner.Depth);
        }

        return _sizes[value] = (nodes, depth + 1);
    }
}
