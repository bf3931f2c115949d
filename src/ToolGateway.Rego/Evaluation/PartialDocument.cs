using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Rules that together make a set or an object.</summary>
internal sealed class PartialDocument(int id, bool isSet) : VirtualDocument(id)
{
    public RuleIndex Rules { get; set; } = RuleIndex.Empty;

    /// <summary>Defaults of rules at constant keys within the document.</summary>
    public List<(RegoValue[] Path, RulePlan Rule)> Defaults { get; } = [];

    protected override RegoValue? Compute(EvaluationContext context)
    {
        var builder = new PartialBuilder(context.Budget, isSet);
        foreach (var rule in Rules.Select(context, []))
            rule.Collect(context, builder);
        foreach (var (path, rule) in Defaults)
        {
            if (rule.Evaluate(context, []) is { } value)
                builder.SetDefault(path, value);
        }

        return builder.ToValue();
    }
}
