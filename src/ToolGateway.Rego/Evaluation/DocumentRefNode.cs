using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>
/// A reference into data whose path through packages and rules is known only at evaluation: <c>data.a[x].b</c>. It walks rules and base data side by side;
/// <paramref name="within"/> takes over below a document.
/// </summary>
internal sealed class DocumentRefNode(DocumentNode root, RefOperand[] operands, RefNode within) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        return Walk(frame, root, Lookup.Path(frame.Context.Data, root.Path), 0);
    }

    private bool Walk(Frame frame, DocumentNode node, RegoValue? data, int at)
    {
        var context = frame.Context;
        if (context.Overrides is not null && context.Overrides.Cover(node.Path))
            return data is not null && within.Walk(frame, data, at);
        if (node.IsFunction)
            return false;
        if (node.Document is { } document)
            return WalkDocument(frame, document, at);
        if (at == operands.Length)
            return node.Extent(context, data) is { } extent && within.Walk(frame, extent, at);
        if (operands[at].Bound is { } bound)
            return bound.Evaluate(frame) is { } key && Descend(frame, node, data, key, at + 1);
        return WalkKeys(frame, node, data, at);
    }

    private bool WalkDocument(Frame frame, VirtualDocument document, int at)
    {
        if (at < operands.Length && operands[at].Bound is { } bound)
        {
            return bound.Evaluate(frame) is { } key && document.EvaluateMember(frame.Context, key) is { } member &&
                within.Walk(frame, member, at + 1);
        }

        return document.Evaluate(frame.Context) is { } value && within.Walk(frame, value, at);
    }

    private bool Descend(Frame frame, DocumentNode node, RegoValue? data, RegoValue key, int next)
    {
        var member = data is null ? null : Lookup.DataMember(data, key);
        if (node.Child(key) is { } child)
            return Walk(frame, child, member, next);
        return member is not null && within.Walk(frame, member, next);
    }

    private bool WalkKeys(Frame frame, DocumentNode node, RegoValue? data, int at)
    {
        var pattern = operands[at].Free!;
        foreach (var child in node.Children)
        {
            frame.Budget.Step();
            var key = child.Path[^1];
            if (pattern.Match(frame, key) && Walk(frame, child, data is null ? null : Lookup.Member(data, key), at + 1))
                return true;
        }

        if (data is not RegoObject map)
            return false;
        foreach (ref readonly var pair in map.Members)
        {
            frame.Budget.Step();
            if (node.Child(pair.Key) is null && pattern.Match(frame, pair.Key) && within.Walk(frame, pair.Value, at + 1))
                return true;
        }

        return false;
    }
}
