using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Rules that together have one value: it must be the same from each that has one.</summary>
internal sealed class CompleteDocument(int id) : VirtualDocument(id)
{
    public RuleIndex Rules { get; set; } = RuleIndex.Empty;

    public RulePlan? Default { get; set; }

    /// <summary>Whether every rule gives the same constant, so that the first that holds decides.</summary>
    public bool IsDecidedByFirst { get; set; }

    protected override RegoValue? Compute(EvaluationContext context)
    {
        RegoValue? result = null;
        foreach (var rule in Rules.Select(context, []))
        {
            if (rule.Evaluate(context, []) is not { } value)
                continue;
            if (result is not null && !RegoOrder.Equal(result, value))
                throw Conflicts.Values(isFunction: false, rule.Location);
            result = value;
            if (IsDecidedByFirst)
                break;
        }

        return result ?? Default?.Evaluate(context, []);
    }
}
