using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The casts that Rego v1 has left behind.</summary>
internal static class Casts
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("cast_array(:any) -> array[any]", ToArray, BuiltinTraits.Deprecated),
        Signature.Declare("cast_boolean(:any) -> boolean", (c, a) => Same(c, a, RegoKind.Boolean, "boolean"), BuiltinTraits.Deprecated),
        Signature.Declare("cast_null(:any) -> null", (c, a) => Same(c, a, RegoKind.Null, "null"), BuiltinTraits.Deprecated),
        Signature.Declare("cast_object(:any) -> object[any:any]", (c, a) => Same(c, a, RegoKind.Object, "object"), BuiltinTraits.Deprecated),
        Signature.Declare("cast_set(:any) -> set[any]", ToSet, BuiltinTraits.Deprecated),
        Signature.Declare("cast_string(:any) -> string", (c, a) => Same(c, a, RegoKind.String, "string"), BuiltinTraits.Deprecated),
    ];

    private static RegoValue? Same(BuiltinContext context, ReadOnlySpan<RegoValue> args, RegoKind kind, string name) =>
        args[0].Kind == kind ? args[0] : context.FailOperand(1, name, args[0]);

    private static RegoValue? ToArray(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoSet set)
            return args[0] as RegoArray ?? context.FailOperand(1, "one of {array, set}", args[0]);
        context.Spend(set.Count, 8);
        return RegoArray.Of(set.Items);
    }

    private static RegoValue? ToSet(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoArray array)
            return args[0] as RegoSet ?? context.FailOperand(1, "one of {array, set}", args[0]);
        context.Spend(array.Count, 24);
        return RegoSet.From(array);
    }
}
