using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>Set operators, by merging the ordered elements, and union and intersection over a set of sets.</summary>
internal static class Sets
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("and(x:set[any], y:set[any]) -> set[any]", (c, a) => Binary(c, a, Intersect), infix: "&"),
        Signature.Declare("or(x:set[any], y:set[any]) -> set[any]", (c, a) => Binary(c, a, Union), infix: "|"),
        Signature.Declare("set_diff(:set[any], :set[any]) -> set[any]", (c, a) => Binary(c, a, Except), BuiltinTraits.Deprecated),
        Signature.Declare("intersection(xs:set[set[any]]) -> set[any]", (c, a) => Over(c, a, Intersect)),
        Signature.Declare("union(xs:set[set[any]]) -> set[any]", UnionOf),
    ];

    public static RegoSet Except(BuiltinContext context, RegoSet a, RegoSet b) => Merge(context, a, b, onlyFirst: true, both: false, onlySecond: false);

    private static RegoSet Intersect(BuiltinContext context, RegoSet a, RegoSet b) => Merge(context, a, b, onlyFirst: false, both: true, onlySecond: false);

    private static RegoSet Union(BuiltinContext context, RegoSet a, RegoSet b) => Merge(context, a, b, onlyFirst: true, both: true, onlySecond: true);

    private static RegoSet Merge(BuiltinContext context, RegoSet a, RegoSet b, bool onlyFirst, bool both, bool onlySecond)
    {
        context.Spend((long)a.Count + b.Count, 8);
        var x = a.Items;
        var y = b.Items;
        if (onlyFirst && !both && IsWithin(x, y))
            return RegoSet.Empty;
        var merged = new RegoValue[onlySecond ? x.Length + y.Length : x.Length];
        var count = 0;
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            var order = RegoOrder.Compare(x[i], y[j]);
            if (order < 0 ? onlyFirst : order > 0 ? onlySecond : both)
                merged[count++] = order <= 0 ? x[i] : y[j];
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        for (; onlyFirst && i < x.Length; i++)
            merged[count++] = x[i];
        for (; onlySecond && j < y.Length; j++)
            merged[count++] = y[j];
        return RegoSet.AdoptSorted(count == merged.Length ? merged : merged[..count]);
    }

    // Policies ask "does a have anything that b lacks" by subtracting; mostly it has not, and nothing need be made.
    private static bool IsWithin(ReadOnlySpan<RegoValue> part, ReadOnlySpan<RegoValue> whole)
    {
        var j = 0;
        foreach (var item in part)
        {
            while (j < whole.Length && !RegoOrder.Equal(whole[j], item))
                j++;
            if (j++ == whole.Length)
                return false;
        }

        return true;
    }

    private static RegoSet? Binary(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<BuiltinContext, RegoSet, RegoSet, RegoSet> function) =>
        context.TryGetSet(args, 1, out var x) && context.TryGetSet(args, 2, out var y) ? function(context, x, y) : null;

    private static RegoValue? Over(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<BuiltinContext, RegoSet, RegoSet, RegoSet> function)
    {
        if (!context.TryGetSet(args, 1, out var sets))
            return null;
        RegoSet? result = null;
        foreach (var item in sets.Items)
        {
            if (item is not RegoSet set)
                return context.FailElement(1, sets, "set", item);
            result = result is null ? set : function(context, result, set);
        }

        return result ?? RegoSet.Empty;
    }

    private static RegoValue? UnionOf(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetSet(args, 1, out var sets))
            return null;
        var all = new RegoSetBuilder();
        foreach (var item in sets.Items)
        {
            if (item is not RegoSet set)
                return context.FailElement(1, sets, "set", item);
            context.Spend(set.Count, 24);
            foreach (var element in set.Items)
                all.Add(element);
        }

        return all.ToSet();
    }
}
