using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Finds the rules that can hold, by looking at references that rules compare with constants. Rules that cannot hold cost nothing.</summary>
internal abstract class RuleIndex
{
    public static RuleIndex Empty { get; } = new RuleList([]);

    public abstract RulePlan[] Select(EvaluationContext context, ReadOnlySpan<RegoValue> arguments);
}

/// <summary>Rules between which the index does not choose.</summary>
internal sealed class RuleList(RulePlan[] rules) : RuleIndex
{
    public override RulePlan[] Select(EvaluationContext context, ReadOnlySpan<RegoValue> arguments) => rules;
}

/// <summary>Chooses by the value of one reference.</summary>
internal sealed class RuleSwitch(IndexKey key, Dictionary<RegoValue, RuleIndex> cases, RuleIndex otherwise) : RuleIndex
{
    public override RulePlan[] Select(EvaluationContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var value = key.Resolve(context, arguments);
        var chosen = value is not null && cases.TryGetValue(value, out var found) ? found : otherwise;
        return chosen.Select(context, arguments);
    }
}

/// <summary>What an index looks at: a parameter (or a path within it), or a path in input or in base data.</summary>
internal sealed class IndexKey(int parameter, InputFactValue? input, RegoValue[] path)
{
    public const int None = -1;

    public RegoValue? Resolve(EvaluationContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (parameter != None)
            return Lookup.Path(arguments[parameter], path);
        return input is not null ? input.Evaluate(context) : Lookup.DataPath(context.Data, path);
    }
}
