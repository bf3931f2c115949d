using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>The definitions of one function.</summary>
internal sealed class FunctionDocument : ICallable
{
    public RuleIndex Rules { get; set; } = RuleIndex.Empty;

    public RulePlan? Default { get; set; }

    /// <summary>Whether every definition gives the same constant, so that the first that holds decides.</summary>
    public bool IsDecidedByFirst { get; set; }

    public RegoValue? Invoke(EvaluationContext context, ReadOnlySpan<RegoValue> arguments, SourceLocation location)
    {
        context.Budget.Step();
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

    public bool IsSame(ICallable other) => ReferenceEquals(this, other);
}
