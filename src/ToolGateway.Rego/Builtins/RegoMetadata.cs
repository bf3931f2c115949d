using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The rego family. Calls of <c>rego.metadata</c> within rules are constants by the time they would run.</summary>
internal static class RegoMetadata
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("rego.metadata.chain() -> array[any]", Chain),
        Signature.Declare("rego.metadata.rule() -> any", Rule),
        Signature.Declare("rego.parse_module(filename:string, rego:string) -> object[string:any]", ParseModule),
    ];

    private static RegoValue? Chain(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.Fail("the rego.metadata.chain function must only be called within the scope of a rule");

    private static RegoValue? Rule(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.Fail("the rego.metadata.rule function must only be called within the scope of a rule");

    private static RegoValue? ParseModule(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString file)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString text)
            return context.FailOperand(2, "string", args[1]);
        context.Budget.Step(text.Value.Length / 16);
        context.Budget.Charge(text.Value.Length * 16L);
        var (module, errors) = RegoParser.ParseModule(new RegoSource(file.Value, text.Value));
        if (module is not null)
            return ModuleJson.Of(module);
        var count = errors.Count == 1 ? "1 error occurred" : $"{errors.Count} errors occurred";
        return context.Fail($"{count}: {string.Join('\n', errors.Select(error => $"{file.Value}:{error.Location?.Row}: {error.Code}: {error.Message}"))}");
    }
}
