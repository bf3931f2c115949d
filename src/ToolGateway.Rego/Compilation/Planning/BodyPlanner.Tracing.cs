using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Tracing;

namespace ToolGateway.Rego.Compilation.Planning;

internal sealed partial class BodyPlanner
{
    /// <summary>Plans a whole rule body, with what a trace shows of the rule around it.</summary>
    /// <param name="isQuery">The variables are the result, so each has to have its slot.</param>
    public Node PlanRule(Rule rule, Func<Node> sink, bool isQuery = false)
    {
        var (body, location) = (rule.Body, rule.Location);
        if (!policy.IsTraced)
        {
            _uses = isQuery ? null : new SingleUses(rule);
            var plain = new Chain();
            PlanBody(body, plain, rule);
            plain.Append(sink());
            return plain.First!;
        }

        var state = NewState();
        var chain = new Chain();
        chain.Append(new TraceRuleNode(new TraceSite(location, []), state));
        PlanBody(body, chain);
        chain.Append(new TraceExitNode(new TraceSite(location, []), state));
        chain.Append(sink());
        return chain.First!;
    }

    private void PlanTraced(Expression expression, Chain chain)
    {
        var state = NewState();
        var site = new TraceSite(expression.Location, Traced(expression));
        chain.Append(new TraceEvalNode(site, state));
        PlanUntraced(expression, chain);
        chain.Append(new TraceReachedNode(site, state));
    }

    private TracedVariable[] Traced(Expression expression)
    {
        var places = new Dictionary<string, VarTerm>(StringComparer.Ordinal);
        VariableSets.Of(expression, places);
        var variables = new List<TracedVariable>();
        foreach (var (name, variable) in places)
        {
            if (variable.IsWildcard)
                continue;
            var shown = LocalNames.IsGenerated(name) ? variable.Location.Text : LocalNames.Original(name);
            if (shown.Length > 0)
                variables.Add(new TracedVariable(shown, SlotOf(name)));
        }

        return [.. variables];
    }
}
