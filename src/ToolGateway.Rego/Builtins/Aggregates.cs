using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>count, sum, product, max, min, sort, and the deprecated all and any.</summary>
internal static class Aggregates
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("count(collection:string|array[any]|object[any:any]|set[any]) -> number", Count),
        Signature.Declare("sum(collection:array[number]|set[number]) -> number", (c, a) => Fold(c, a, 0, Arithmetic.Add)),
        Signature.Declare("product(collection:array[number]|set[number]) -> number", (c, a) => Fold(c, a, 1, Arithmetic.Times)),
        Signature.Declare("max(collection:array[any]|set[any]) -> any", (c, a) => Extreme(c, a, 1)),
        Signature.Declare("min(collection:array[any]|set[any]) -> any", (c, a) => Extreme(c, a, -1)),
        Signature.Declare("sort(collection:array[any]|set[any]) -> array[any]", Sort),
        Signature.Declare("all(:array[any]|set[any]) -> boolean", (c, a) => Every(c, a), BuiltinTraits.Deprecated),
        Signature.Declare("any(:array[any]|set[any]) -> boolean", (c, a) => Some(c, a), BuiltinTraits.Deprecated),
    ];

    private static RegoValue? Count(BuiltinContext context, ReadOnlySpan<RegoValue> args) => args[0] switch
    {
        RegoString s => RegoNumber.Of(Runes.Count(s.Value)),
        RegoArray a => RegoNumber.Of(a.Count),
        RegoObject o => RegoNumber.Of(o.Count),
        RegoSet s => RegoNumber.Of(s.Count),
        var other => context.FailOperand(1, "one of {array, object, set, string}", other),
    };

    private static RegoValue? Fold(
        BuiltinContext context, ReadOnlySpan<RegoValue> args, long start, Func<BuiltinContext, RegoNumber, RegoNumber, RegoNumber?> function)
    {
        if (!context.TryGetElements(args, 1, out var items))
            return null;
        RegoNumber? result = RegoNumber.Of(start);
        foreach (var item in items)
        {
            context.Budget.Step();
            if (item is not RegoNumber number)
                return context.FailElement(1, args[0], "number", item);
            result = function(context, result, number);
            if (result is null)
                return null;
        }

        return result;
    }

    private static RegoValue? Extreme(BuiltinContext context, ReadOnlySpan<RegoValue> args, int sign)
    {
        if (!context.TryGetElements(args, 1, out var items) || items.IsEmpty)
            return null;

        // Of a set, OPA's min is null only when nothing else is in it.
        if (args[0] is RegoSet)
            return sign > 0 ? items[^1] : items[items.Length > 1 && items[0] is RegoNull ? 1 : 0];
        var best = items[0];
        foreach (var item in items)
        {
            context.Budget.Step();
            if (RegoOrder.Compare(item, best) * sign > 0)
                best = item;
        }

        return best;
    }

    private static RegoArray? Sort(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetElements(args, 1, out var items))
            return null;
        context.Spend(items.Length, 8);
        var sorted = items.ToArray();
        if (args[0] is RegoArray)
            Array.Sort(sorted, RegoOrder.Comparer);
        return RegoArray.Adopt(sorted);
    }

    private static RegoBoolean? Every(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetElements(args, 1, out var items))
            return null;
        foreach (var item in items)
        {
            if (item is not RegoBoolean { Value: true })
                return RegoBoolean.False;
        }

        return RegoBoolean.True;
    }

    private static RegoBoolean? Some(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetElements(args, 1, out var items))
            return null;
        foreach (var item in items)
        {
            if (item is RegoBoolean { Value: true })
                return RegoBoolean.True;
        }

        return RegoBoolean.False;
    }
}
