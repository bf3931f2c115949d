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

    /// <summary>Depth-first over all simple paths; a path ends at a node without edges, before an unknown node, and before a node it already has.</summary>
    private sealed class PathWalk(BuiltinContext context, RegoObject graph)
    {
        private readonly List<RegoValue> _path = [];
        private readonly HashSet<RegoValue> _onPath = [];

        public RegoSetBuilder Paths { get; } = new();

        public void From(RegoValue node, RegoValue edges)
        {
            _path.Add(node);
            _onPath.Add(node);
            Follow(edges, isRoot: true);
            _onPath.Remove(node);
            _path.RemoveAt(_path.Count - 1);
        }

        // Below the first node OPA looks for the neighbour in the graph before it looks for a cycle, so a node with an edge to itself is named twice.
        private void Follow(RegoValue edges, bool isRoot)
        {
            context.Budget.Enter();
            var neighbours = Vertices(edges);
            if (neighbours.IsEmpty)
                Commit();
            foreach (var neighbour in neighbours)
            {
                context.Budget.Step();
                if (!graph.TryGetValue(neighbour, out var next) || (!isRoot && _onPath.Contains(neighbour)))
                    Commit();
                else
                    Descend(neighbour, next);
            }

            context.Budget.Leave();
        }

        private void Descend(RegoValue node, RegoValue edges)
        {
            var added = _onPath.Add(node);
            _path.Add(node);
            Follow(edges, isRoot: false);
            _path.RemoveAt(_path.Count - 1);
            if (added)
                _onPath.Remove(node);
        }

        private void Commit()
        {
            context.Spend(_path.Count, 8);
            Paths.Add(RegoArray.From(_path));
        }
    }
}
