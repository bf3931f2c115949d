using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The comparison operators, which order values of all kinds, and the two that the compiler turns into unification.</summary>
internal static class Comparison
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("equal(x:any, y:any) -> boolean", Equal, infix: "=="),
        Signature.Declare("neq(x:any, y:any) -> boolean", (_, args) => RegoBoolean.Of(!RegoOrder.Equal(args[0], args[1])), infix: "!="),
        Signature.Declare("lt(x:any, y:any) -> boolean", (_, args) => RegoBoolean.Of(RegoOrder.Compare(args[0], args[1]) < 0), infix: "<"),
        Signature.Declare("lte(x:any, y:any) -> boolean", (_, args) => RegoBoolean.Of(RegoOrder.Compare(args[0], args[1]) <= 0), infix: "<="),
        Signature.Declare("gt(x:any, y:any) -> boolean", (_, args) => RegoBoolean.Of(RegoOrder.Compare(args[0], args[1]) > 0), infix: ">"),
        Signature.Declare("gte(x:any, y:any) -> boolean", (_, args) => RegoBoolean.Of(RegoOrder.Compare(args[0], args[1]) >= 0), infix: ">="),
        Signature.Declare("eq(:any, :any) -> boolean", Equal, infix: "="),
        Signature.Declare("assign(:any, :any) -> boolean", Equal, infix: ":="),
        Signature.Declare("internal.member_2(:any, :any) -> boolean", Member, infix: "in"),
        Signature.Declare("internal.member_3(:any, :any, :any) -> boolean", MemberWithKey, infix: "in"),
    ];

    private static RegoBoolean Equal(BuiltinContext context, ReadOnlySpan<RegoValue> args) => RegoBoolean.Of(RegoOrder.Equal(args[0], args[1]));

    private static RegoBoolean Member(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var item = args[0];
        switch (args[1])
        {
            case RegoSet set:
                return RegoBoolean.Of(set.Contains(item));
            case RegoArray array:
                foreach (var element in array.Items)
                {
                    context.Budget.Step();
                    if (RegoOrder.Equal(element, item))
                        return RegoBoolean.True;
                }

                return RegoBoolean.False;
            case RegoObject map:
                foreach (var (_, value) in map.Unordered)
                {
                    context.Budget.Step();
                    if (RegoOrder.Equal(value, item))
                        return RegoBoolean.True;
                }

                return RegoBoolean.False;
            default:
                return RegoBoolean.False;
        }
    }

    private static RegoBoolean MemberWithKey(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var found = args[2] switch
        {
            RegoSet set => RegoOrder.Equal(args[0], args[1]) && set.Contains(args[0]),
            RegoArray array => args[0] is RegoNumber { IsInt64: true } index && index.TryGetInt64(out var at) && at >= 0 && at < array.Count &&
                RegoOrder.Equal(array[(int)at], args[1]),
            RegoObject map => map.TryGetValue(args[0], out var value) && RegoOrder.Equal(value, args[1]),
            _ => false,
        };
        return RegoBoolean.Of(found);
    }
}
