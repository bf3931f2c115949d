using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A reference into data whose path through packages and rules is known only at evaluation, with all operands bound.</summary>
internal sealed class DocumentRefValue(DocumentNode root, ValueExpression[] operands) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var context = frame.Context;
        var node = root;
        var data = Lookup.Path(context.Data, root.Path);
        for (var at = 0; ; at++)
        {
            if (context.Overrides is not null && context.Overrides.Cover(node.Path))
                return Rest(frame, data, at);
            if (node.IsFunction)
                return null;
            if (node.Document is { } document)
                return WithinDocument(frame, document, at);
            if (at == operands.Length)
                return node.Extent(context, data);
            if (operands[at].Evaluate(frame) is not { } key)
                return null;
            data = data is null ? null : Lookup.DataMember(data, key);
            if (node.Child(key) is not { } child)
                return Rest(frame, data, at + 1);
            node = child;
        }
    }

    private RegoValue? WithinDocument(Frame frame, VirtualDocument document, int at)
    {
        if (at == operands.Length)
            return document.Evaluate(frame.Context);
        return operands[at].Evaluate(frame) is { } key ? Rest(frame, document.EvaluateMember(frame.Context, key), at + 1) : null;
    }

    private RegoValue? Rest(Frame frame, RegoValue? value, int at)
    {
        for (; at < operands.Length && value is not null; at++)
            value = operands[at].Evaluate(frame) is { } key ? Lookup.Member(value, key) : null;
        return value;
    }
}

/// <summary>One member of a document that rules define; only it need be computed.</summary>
internal sealed class RuleMemberValue(VirtualDocument document, RegoValue[] path, ValueExpression member) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        if (member.Evaluate(frame) is not { } key)
            return null;
        var context = frame.Context;
        if (context.Overrides is null || !context.Overrides.Cover(path))
            return document.EvaluateMember(context, key);
        return Lookup.Path(context.Data, path) is { } value ? Lookup.Member(value, key) : null;
    }
}
