using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>Built-ins that reach out of the process. They exist so that policies compile, are off, and say so.</summary>
internal static class Unavailable
{
    private const BuiltinTraits Traits = BuiltinTraits.Nondeterministic | BuiltinTraits.Unavailable;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("http.send(request:object[string:any]) -> object[any:any]", (c, _) => Refuse(c, "http.send"), Traits),
        Signature.Declare("net.lookup_ip_addr(name:string) -> set[string]", (c, _) => Refuse(c, "net.lookup_ip_addr"), Traits),
    ];

    private static RegoValue? Refuse(BuiltinContext context, string name) =>
        context.Fail($"{name} is off: policies decide without reaching out; put what it would fetch into data or input");
}
