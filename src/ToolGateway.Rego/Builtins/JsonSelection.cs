using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>json.filter and json.remove: the paths become one tree, and the document is walked along it.</summary>
internal static class JsonSelection
{
    private const string Paths = "array[string|array[any]]|set[string|array[any]]";

    public static Builtin[] All { get; } =
    [
        Signature.Declare($"json.filter(object:object[any:any], paths:{Paths}) -> any", Filter),
        Signature.Declare($"json.remove(object:object[any:any], paths:{Paths}) -> any", Remove),
    ];

    private static RegoValue? Filter(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetObject(args, 1, out var map) && TryGetTree(context, args, out var tree) ? Keep(context, map, tree) : null;

    private static RegoValue? Remove(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetObject(args, 1, out var map) && TryGetTree(context, args, out var tree) ? Drop(context, map, tree) : null;

    private static bool TryGetTree(BuiltinContext context, ReadOnlySpan<RegoValue> args, out PathTree tree)
    {
        tree = new PathTree();
        if (!context.TryGetElements(args, 2, out var paths))
            return false;
        foreach (var item in paths)
        {
            context.Budget.Step();
            if (JsonPath.Parse(item) is not { } path)
            {
                context.FailOperand(2, "one of {set, array} containing string paths or array of path segments", item);
                return false;
            }

            context.Spend(path.Length, 100);
            tree.Add(path);
        }

        return true;
    }

    private static RegoValue Keep(BuiltinContext context, RegoValue value, PathTree tree)
    {
        context.Budget.Step();
        if (tree.IsLeaf)
            return value;
        switch (value)
        {
            case RegoObject map:
                var members = new List<KeyValuePair<RegoValue, RegoValue>>();
                foreach (var (key, member) in map.Members)
                {
                    if (tree.Find(key) is { } below)
                        members.Add(new(key, Keep(context, member, below)));
                }

                return RegoObject.Adopt([.. members]);
            case RegoArray array:
                var items = new List<RegoValue>();
                for (var i = 0; i < array.Count; i++)
                {
                    if (tree.Find(Index(i)) is { } below)
                        items.Add(Keep(context, array[i], below));
                }

                return RegoArray.Adopt([.. items]);
            case RegoSet set:
                return RegoSet.From(set.Where(item => tree.Find(item) is not null).Select(item => Keep(context, item, tree.Find(item)!)));
            default:
                return value;
        }
    }

    private static RegoValue? Drop(BuiltinContext context, RegoValue value, PathTree? tree)
    {
        context.Budget.Step();
        if (tree is null)
            return value;
        if (tree.IsLeaf)
            return null;
        switch (value)
        {
            case RegoObject map:
                var members = new List<KeyValuePair<RegoValue, RegoValue>>(map.Count);
                foreach (var (key, member) in map.Members)
                {
                    if (Drop(context, member, tree.Find(key)) is { } kept)
                        members.Add(new(key, kept));
                }

                return RegoObject.Adopt([.. members]);
            case RegoArray array:
                return RegoArray.From(array.Select((item, i) => Drop(context, item, tree.Find(Index(i)))).OfType<RegoValue>());
            case RegoSet set:
                return RegoSet.From(set.Select(item => Drop(context, item, tree.Find(item))).OfType<RegoValue>());
            default:
                return value;
        }
    }

    private static RegoString Index(int i) => new(i.ToString(CultureInfo.InvariantCulture));

    /// <summary>Paths that share their beginnings; a shorter path hides the longer ones below it.</summary>
    private sealed class PathTree
    {
        private readonly Dictionary<RegoValue, PathTree> _below = [];

        public bool IsLeaf { get; private set; }

        public PathTree? Find(RegoValue key) => _below.GetValueOrDefault(key);

        public void Add(ReadOnlySpan<RegoValue> path)
        {
            if (path.IsEmpty)
                return;
            var node = this;
            foreach (var key in path)
            {
                if (node.IsLeaf)
                    return;
                if (!node._below.TryGetValue(key, out var next))
                    node._below[key] = next = new PathTree();
                node = next;
            }

            node.IsLeaf = true;
        }
    }
}
