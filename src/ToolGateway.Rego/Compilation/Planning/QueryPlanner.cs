using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>Plans queries and entry points.</summary>
internal static class QueryPlanner
{
    public static QueryPlan Plan(PolicyPlanner policy, CompiledQuery query)
    {
        var planner = new BodyPlanner(policy, reservedState: 1);
        var body = query.Unit.Rule.Body;
        if (query.Document is { } document)
        {
            var value = planner.PlanValue(document);
            return new QueryPlan(null, value, planner.Slots, planner.State);
        }

        var names = VariableSets.Of(body).Where(static name => !LocalNames.IsGenerated(name)).Order(StringComparer.Ordinal).ToList();
        var node = planner.PlanRule(query.Unit.Rule, () => new SolutionSink(
            [.. names.Select(static name => new RegoString(LocalNames.Original(name)))],
            [.. names.Select(planner.SlotOf)],
            [.. query.Captured.Select(name => name is null ? (int?)null : planner.SlotOf(name))]),
            isQuery: true);
        return new QueryPlan(node, null, planner.Slots, planner.State);
    }
}
