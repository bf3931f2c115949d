using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>One rule, ready to run: its body ends in a sink that knows what to do with a solution.</summary>
internal sealed class RulePlan
{
    public required SourceLocation Location { get; init; }

    public required int Slots { get; init; }

    public required int State { get; init; }

    /// <summary>First node of the body.</summary>
    public required Node Body { get; init; }

    /// <summary>Patterns of the parameters that are not plain variables, which are slots 0, 1, … themselves.</summary>
    public Pattern?[] Parameters { get; init; } = [];

    /// <summary>The value when it is the same for every solution.</summary>
    public RegoValue? Constant { get; init; }

    /// <summary>Tried when the body has no solution.</summary>
    public RulePlan? Else { get; init; }

    /// <summary>Runs a rule with one value (or its first else branch with a solution).</summary>
    public RegoValue? Evaluate(EvaluationContext context, ReadOnlySpan<RegoValue> arguments)
    {
        for (var rule = this; rule is not null; rule = rule.Else)
        {
            var frame = context.Enter(rule.Slots, rule.State);
            if (rule.Bind(frame, arguments))
                rule.Body.Run(frame);
            var result = frame.Result;
            frame.Result = null;
            context.Leave();
            if (result is not null)
                return result;
        }

        return null;
    }

    /// <summary>Runs a rule that adds to a partial document.</summary>
    public void Collect(EvaluationContext context, PartialBuilder builder, ReadOnlySpan<RegoValue> key)
    {
        for (var rule = this; rule is not null; rule = rule.Else)
        {
            var frame = context.Enter(rule.Slots, rule.State);
            frame.State[0] = builder;
            if (rule.Bind(frame, key))
                rule.Body.Run(frame);
            var found = frame.Found;
            frame.State[0] = null;
            context.Leave();
            if (found)
                return;
        }
    }

    private bool Bind(Frame frame, ReadOnlySpan<RegoValue> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
            frame.Slots[i].Value = arguments[i];
        for (var i = 0; i < Parameters.Length; i++)
        {
            if (Parameters[i] is { } pattern && !pattern.Match(frame, arguments[i]))
                return false;
        }

        return true;
    }
}
