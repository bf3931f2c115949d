using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>The definitions of one function.</summary>
internal sealed class FunctionDocument(int id) : ICallable
{
    public RuleIndex Rules { get; set; } = RuleIndex.Empty;

    public RulePlan? Default { get; set; }

    /// <summary>Whether every definition gives the same constant, so that the first that holds decides.</summary>
    public bool IsDecidedByFirst { get; set; }

    public RegoValue? Invoke(EvaluationContext context, ReadOnlySpan<RegoValue> arguments, SourceLocation location)
    {
        context.Budget.Step();
        if (arguments.Length != 1)
            return Compute(context, arguments);

        // Several rules often ask the same of one value.
        var memo = context.Memo;
        if (memo.TryGetCall(id, arguments[0], out var known))
            return known;
        var generation = memo.Generation;
        var result = Compute(context, arguments);
        if (memo.Generation == generation)
            memo.SetCall(id, arguments[0], result);
        return result;
    }

    public bool IsSame(ICallable other) => ReferenceEquals(this, other);

    private RegoValue? Compute(EvaluationContext context, ReadOnlySpan<RegoValue> arguments)
    {
        RegoValue? result = null;
        foreach (var rule in Rules.Select(context, arguments))
        {
            if (rule.Evaluate(context, arguments) is not { } value)
                continue;
            if (result is not null && !RegoOrder.Equal(result, value))
                throw Conflicts.Values(isFunction: true, rule.Location);
            result = value;
            if (IsDecidedByFirst)
                break;
        }

        return result ?? Default?.Evaluate(context, arguments);
    }
}
