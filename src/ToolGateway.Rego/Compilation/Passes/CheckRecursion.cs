namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>No rule may depend on itself.</summary>
internal static class CheckRecursion
{
    public static void Run(CompilerState state)
    {
        state.Graph = new RuleGraph(state);
        foreach (var cycle in state.Graph.Cycles())
        {
            foreach (var unit in cycle.OrderBy(static unit => unit.Rule.Location.File, StringComparer.Ordinal).ThenBy(static unit => unit.Rule.Location.Row))
            {
                var path = Path(state.Graph, unit, [.. cycle]).Select(static member => member.Name).ToList();
                state.Error(RegoErrorCodes.Recursion, $"rule {path[0]} is recursive: {string.Join(" -> ", path)}", unit.Rule.Location);
            }
        }
    }

    /// <summary>The shortest way from a rule back to itself.</summary>
    private static List<RuleUnit> Path(RuleGraph graph, RuleUnit start, HashSet<RuleUnit> cycle)
    {
        var from = new Dictionary<RuleUnit, RuleUnit>();
        var open = new Queue<RuleUnit>([start]);
        while (open.TryDequeue(out var unit))
        {
            foreach (var next in graph.Of(unit).SelectMany(static node => node.Rules))
            {
                if (next == start)
                    return [.. Back(from, start, unit), start];
                if (cycle.Contains(next) && from.TryAdd(next, unit))
                    open.Enqueue(next);
            }
        }

        return [start];
    }

    private static List<RuleUnit> Back(Dictionary<RuleUnit, RuleUnit> from, RuleUnit start, RuleUnit end)
    {
        var path = new List<RuleUnit> { end };
        while (path[^1] != start)
            path.Add(from[path[^1]]);
        path.Reverse();
        return path;
    }
}
