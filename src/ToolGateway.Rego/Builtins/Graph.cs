using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>graph.reachable and graph.reachable_paths.</summary>
internal static class Graph
{
    private const string Operands = "(graph:object[any:array[any]|set[any]], initial:array[any]|set[any])";

    public static Builtin[] All { get; } =
    [
        Signature.Declare($"graph.reachable{Operands} -> set[any]", Reachable),
        Signature.Declare($"graph.reachable_paths{Operands} -> set[array[any]]", ReachablePaths),
    ];

    private static RegoValue? Reachable(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 1, out var graph) || !TryGetVertices(context, args, out var initial))
            return null;
        var queue = new Queue<RegoValue>(initial.ToArray());
        var reached = new RegoSetBuilder();
        while (queue.TryDequeue(out var node))
        {
            context.Budget.Step();
            if (reached.Contains(node) || !graph.TryGetValue(node, out var edges))
                continue;
            context.Spend(1, 24);
            reached.Add(node);
            foreach (var neighbour in Vertices(edges))
            {
                context.Spend(1, 8);
                queue.Enqueue(neighbour);
            }
        }

        return reached.ToSet();
    }

    private static RegoValue? ReachablePaths(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 1, out var graph) || !TryGetVertices(context, args, out var initial))
            return null;
        var walk = new PathWalk(context, graph);
        foreach (var node in initial)
        {
            if (graph.TryGetValue(node, out var edges))
                walk.From(node, edges);
        }

        return walk.Paths.ToSet();
    }

    private static bool TryGetVertices(BuiltinContext context, ReadOnlySpan<RegoValue> args, out ReadOnlySpan<RegoValue> vertices)
    {
        vertices = Vertices(args[1]);
        if (args[1] is RegoArray or RegoSet)
            return true;
        context.FailOperand(2, "{array, set}", args[1]);
        return false;
    }

    private static ReadOnlySpan<RegoValue> Vertices(RegoValue collection) => collection switch
    {
        RegoArray array => array.Items,
        RegoSet set => set.Items,
        _ => default,
    };

    /// <summary>
    /// Depth-first as OPA does it, oddities included: a path ends before a node that it has passed; a node counts as passed for its later neighbours once an
    /// earlier one has been followed; and a node with several such neighbours repeats its path once more for each.
    /// </summary>
    private sealed class PathWalk(BuiltinContext context, RegoObject graph)
    {
        public RegoSetBuilder Paths { get; } = new();

        public void From(RegoValue node, RegoValue edges)
        {
            var neighbours = Vertices(edges);
            if (neighbours.IsEmpty)
                Commit([node]);
            foreach (var neighbour in neighbours)
                Follow(neighbour, [node], [node]);
        }

        private void Follow(RegoValue node, List<RegoValue> path, HashSet<RegoValue> passed)
        {
            if (!graph.TryGetValue(node, out var edges))
            {
                Commit(path);
                return;
            }

            context.Budget.Enter();
            context.Spend(path.Count + passed.Count, 16);
            List<RegoValue> longer = [.. path, node];
            HashSet<RegoValue> own = [.. passed];
            var neighbours = Vertices(edges);
            if (neighbours.IsEmpty)
                Commit(longer);
            var repeated = new List<RegoValue>();
            foreach (var neighbour in neighbours)
            {
                context.Budget.Step();
                if (own.Contains(neighbour))
                {
                    context.Spend(repeated.Count + longer.Count, 8);
                    repeated.AddRange(longer);
                    Commit(repeated);
                    continue;
                }

                own.Add(node);
                Follow(neighbour, longer, own);
            }

            context.Budget.Leave();
        }

        private void Commit(List<RegoValue> path)
        {
            context.Spend(path.Count, 8);
            Paths.Add(RegoArray.From(path));
        }
    }
}
