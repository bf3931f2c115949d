using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>object.get, keys, filter, remove, union and union_n.</summary>
internal static class Objects
{
    private const string Keys = "array[any]|object[any:any]|set[any]";

    public static Builtin[] All { get; } =
    [
        Signature.Declare($"object.filter(object:object[any:any], keys:{Keys}) -> any", (c, a) => Select(c, a, keep: true)),
        Signature.Declare("object.get(object:object[any:any], key:any, default:any) -> any", Get),
        Signature.Declare("object.keys(object:object[any:any]) -> set[any]", KeysOf),
        Signature.Declare($"object.remove(object:object[any:any], keys:{Keys}) -> any", (c, a) => Select(c, a, keep: false)),
        Signature.Declare($"object.subset(super:{Keys}, sub:{Keys}) -> any", ObjectSubset.Evaluate),
        Signature.Declare("object.union(a:object[any:any], b:object[any:any]) -> any", Union),
        Signature.Declare("object.union_n(objects:array[object[any:any]]) -> any", UnionAll),
    ];

    /// <summary>The member, element or set member at a key, as a reference finds it.</summary>
    public static RegoValue? Find(RegoValue value, RegoValue key) =>
        value.Kind != RegoKind.Array ? Lookup.Member(value, key) : key is RegoNumber { IsInt64: true } ? Lookup.Member(value, key) : null;

    private static RegoValue? Get(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 1, out var map))
            return null;
        if (args[1] is not RegoArray path)
            return map.Find(args[1]) ?? args[2];
        RegoValue? at = map;
        foreach (var key in path.Items)
        {
            context.Budget.Step();
            at = Find(at, key);
            if (at is null)
                return args[2];
        }

        return at;
    }

    private static RegoSet? KeysOf(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 1, out var map))
            return null;
        var members = map.Members;
        context.Spend(members.Length, 8);
        var keys = new RegoValue[members.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = members[i].Key;
        return RegoSet.AdoptSorted(keys);
    }

    private static RegoValue? Select(BuiltinContext context, ReadOnlySpan<RegoValue> args, bool keep)
    {
        if (!context.TryGetObject(args, 1, out var map))
            return null;
        if (args[1] is not (RegoArray or RegoSet or RegoObject))
            return context.FailOperand(2, "one of {object, set, array}", args[1]);
        Func<RegoValue, bool> isNamed = args[1] switch
        {
            RegoObject names => key => names.TryGetValue(key, out _),
            RegoSet names => names.Contains,
            var names => RegoSet.From((RegoArray)names).Contains,
        };
        context.Spend(map.Count, 16);
        var members = new List<KeyValuePair<RegoValue, RegoValue>>(map.Count);
        foreach (var member in map.Members)
        {
            if (isNamed(member.Key) == keep)
                members.Add(member);
        }

        return members.Count == map.Count ? map : RegoObject.Adopt([.. members]);
    }

    private static RegoValue? Union(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetObject(args, 1, out var a) && context.TryGetObject(args, 2, out var b) ? Merge(context, a, b) : null;

    private static RegoValue? UnionAll(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 1, out var objects))
            return null;
        var result = RegoObject.Empty;
        foreach (var item in objects.Items)
        {
            if (item is not RegoObject map)
                return context.FailElement(1, objects, "object", item);
            result = Merge(context, result, map);
        }

        return result;
    }

    private static RegoObject Merge(BuiltinContext context, RegoObject a, RegoObject b)
    {
        if (a.Count == 0 || b.Count == 0)
            return a.Count == 0 ? b : a;
        context.Spend((long)a.Count + b.Count, 24);
        var merged = new RegoObjectBuilder(a.Count + b.Count);
        foreach (var (key, value) in a.Unordered)
            merged.Set(key, value);
        foreach (var (key, value) in b.Unordered)
        {
            var nested = value is RegoObject y && merged.TryGetValue(key, out var old) && old is RegoObject x ? Merge(context, x, y) : value;
            merged.Set(key, nested);
        }

        return merged.ToObject();
    }
}
