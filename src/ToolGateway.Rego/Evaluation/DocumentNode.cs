using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A place in the tree of packages and rules below <c>data</c>.</summary>
internal sealed class DocumentNode(RegoValue[] path)
{
    private readonly Dictionary<RegoValue, DocumentNode> _children = [];
    private DocumentNode[]? _ordered;

    public RegoValue[] Path { get; } = path;

    /// <summary>The rules that define this document; null on packages.</summary>
    public VirtualDocument? Document { get; set; }

    /// <summary>Whether only functions stand here, which are no part of the document.</summary>
    public bool IsFunction { get; set; }

    public DocumentNode[] Children => _ordered ??= [.. _children.Values.OrderBy(child => child.Path[^1], RegoOrder.Comparer)];

    public DocumentNode? Child(RegoValue key) => _children.GetValueOrDefault(key);

    public DocumentNode Add(RegoValue key)
    {
        if (!_children.TryGetValue(key, out var child))
        {
            child = new DocumentNode([.. Path, key]);
            _children.Add(key, child);
            _ordered = null;
        }

        return child;
    }

    /// <summary>The whole document: what rules give, over base data.</summary>
    public RegoValue? Extent(EvaluationContext context, RegoValue? data)
    {
        if (context.Overrides is not null && context.Overrides.Cover(Path))
            return data;
        if (Document is not null)
            return Merge(context, Document.Evaluate(context), data);
        var members = new RegoObjectBuilder();
        if (data is RegoObject map)
        {
            context.Budget.Charge(48L * map.Count);
            foreach (var (key, value) in map.Members)
                members.Set(key, value);
        }

        foreach (var child in Children)
        {
            if (child.IsFunction)
                continue;
            var key = child.Path[^1];
            context.Budget.Step();
            if (child.Extent(context, data is null ? null : Lookup.Member(data, key)) is { } value)
                members.Set(key, value);
        }

        return members.ToObject();
    }

    /// <summary>Where rules and base data both define something, base data wins within an extent.</summary>
    private static RegoValue? Merge(EvaluationContext context, RegoValue? virtualValue, RegoValue? data)
    {
        if (data is null || virtualValue is null)
            return virtualValue ?? data;
        if (virtualValue is not RegoObject over || data is not RegoObject under)
            return data;
        context.Budget.Charge(48L * (over.Count + under.Count));
        var members = new RegoObjectBuilder();
        foreach (ref readonly var pair in over.Members)
            members.Set(pair.Key, pair.Value);
        foreach (ref readonly var pair in under.Members)
            members.Set(pair.Key, Merge(context, over.TryGetValue(pair.Key, out var value) ? value : null, pair.Value)!);
        return members.ToObject();
    }
}
