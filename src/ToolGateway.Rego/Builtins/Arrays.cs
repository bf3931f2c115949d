using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>array.concat, array.flatten, array.reverse, array.slice.</summary>
internal static class Arrays
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("array.concat(x:array[any], y:array[any]) -> array[any]", Concat),
        Signature.Declare("array.flatten(arr:array[any]) -> array[any]", Flatten),
        Signature.Declare("array.reverse(arr:array[any]) -> array[any]", Reverse),
        Signature.Declare("array.slice(arr:array[any], start:number, stop:number) -> array[any]", Slice),
    ];

    private static RegoArray? Concat(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 1, out var x) || !context.TryGetArray(args, 2, out var y))
            return null;
        context.Spend((long)x.Count + y.Count, 8);
        return RegoArray.Adopt([.. x.Items, .. y.Items]);
    }

    // One level only: elements of nested arrays stay as they are.
    private static RegoArray? Flatten(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 1, out var array))
            return null;
        var flat = new List<RegoValue>(array.Count);
        foreach (var item in array.Items)
        {
            if (item is not RegoArray inner)
            {
                context.Spend(1, 8);
                flat.Add(item);
                continue;
            }

            context.Spend(inner.Count, 8);
            flat.AddRange(inner.Items);
        }

        return RegoArray.Adopt([.. flat]);
    }

    private static RegoArray? Reverse(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 1, out var array))
            return null;
        context.Spend(array.Count, 8);
        var reversed = array.Items.ToArray();
        Array.Reverse(reversed);
        return RegoArray.Adopt(reversed);
    }

    private static RegoArray? Slice(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 1, out var array) || !context.TryGetInteger(args, 2, out var start) || !context.TryGetInteger(args, 3, out var stop))
            return null;
        stop = Math.Clamp(stop, 0, array.Count);
        start = Math.Clamp(start, 0, stop);
        if (stop - start == array.Count)
            return array;
        context.Spend(stop - start, 8);
        return RegoArray.Of(array.Items[(int)start..(int)stop]);
    }
}
