using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>walk: every value within a value, with its path, outermost first.</summary>
internal static class Walk
{
    private const int BytesPerPair = 120;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("walk(x:any) -> array<array[any], any>", Evaluate, BuiltinTraits.Relation),
    ];

    private static RegoArray Evaluate(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var pairs = new List<RegoValue>();
        Visit(context, pairs, [], args[0]);
        return RegoArray.Adopt([.. pairs]);
    }

    private static void Visit(BuiltinContext context, List<RegoValue> pairs, RegoValue[] path, RegoValue value)
    {
        context.Spend(1, BytesPerPair + (path.Length * 8));
        pairs.Add(RegoArray.Of(RegoArray.Adopt(path), value));
        switch (value)
        {
            case RegoArray array:
                for (var i = 0; i < array.Count; i++)
                    Visit(context, pairs, [.. path, RegoNumber.Of(i)], array[i]);
                break;
            case RegoObject map:
                foreach (var (key, member) in map.Members)
                    Visit(context, pairs, [.. path, key], member);
                break;
            case RegoSet set:
                foreach (var item in set.Items)
                    Visit(context, pairs, [.. path, item], item);
                break;
            default:
                break;
        }
    }
}
