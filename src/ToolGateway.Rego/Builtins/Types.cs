using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>is_* and type_name.</summary>
internal static class Types
{
    public static Builtin[] All { get; } =
    [
        Is("array", RegoKind.Array),
        Is("boolean", RegoKind.Boolean),
        Is("null", RegoKind.Null),
        Is("number", RegoKind.Number),
        Is("object", RegoKind.Object),
        Is("set", RegoKind.Set),
        Is("string", RegoKind.String),
        Signature.Declare("type_name(x:any) -> string", (_, args) => new RegoString(BuiltinContext.KindName(args[0]))),
    ];

    private static Builtin Is(string name, RegoKind kind) =>
        Signature.Declare($"is_{name}(x:any) -> boolean", (_, args) => RegoBoolean.Of(args[0].Kind == kind));
}
