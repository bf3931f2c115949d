using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A document that rules define, computed once for each evaluation and scope.</summary>
internal abstract class VirtualDocument(int id)
{
    public int Id { get; } = id;

    public RegoValue? Evaluate(EvaluationContext context)
    {
        var memo = context.Memo;
        if (memo.TryGet(Id, out var value))
            return value;
        value = Compute(context);
        memo.Set(Id, value);
        return value;
    }

    /// <summary>One member of the document; only this member need be computed.</summary>
    public virtual RegoValue? EvaluateMember(EvaluationContext context, RegoValue key) =>
        Evaluate(context) is { } value ? Lookup.Member(value, key) : null;

    protected abstract RegoValue? Compute(EvaluationContext context);
}
