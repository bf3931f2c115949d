using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>Plans queries and entry points.</summary>
internal static class QueryPlanner
{
    public static QueryPlan Plan(PolicyPlanner policy, RuleUnit unit, Body source)
    {
        var planner = new BodyPlanner(policy, reservedState: 1);
        var names = Names(unit.Rule.Body);
        RegoString[] keys = [];
        var slots = Array.Empty<int>();
        var node = planner.Plan(unit.Rule.Body, () =>
        {
            keys = [.. names.Select(static name => new RegoString(LocalNames.Original(name)))];
            slots = [.. names.Select(planner.SlotOf)];
            return new SolutionSink(keys, slots);
        });
        return new QueryPlan(node, null, planner.Slots, planner.State) { Expressions = source.Expressions.Count };
    }

    public static QueryPlan PlanDocument(PolicyPlanner policy, RefTerm reference)
    {
        var planner = new BodyPlanner(policy);
        var value = planner.PlanValue(reference);
        return new QueryPlan(null, value, planner.Slots, planner.State);
    }

    private static List<string> Names(Body body) =>
        [.. VariableSets.Of(body).Where(static name => !LocalNames.IsGenerated(name)).Order(StringComparer.Ordinal)];
}
