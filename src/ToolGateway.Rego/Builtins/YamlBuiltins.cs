using ToolGateway.Rego.Builtins.Yaml;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>yaml.marshal, unmarshal and is_valid.</summary>
internal static class YamlBuiltins
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("yaml.is_valid(x:string) -> boolean", IsValid),
        Signature.Declare("yaml.marshal(x:any) -> string", Marshal),
        Signature.Declare("yaml.unmarshal(x:string) -> any", Unmarshal),
    ];

    private static RegoString Marshal(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        ValueSize.Spend(context, args[0]);
        context.SpendText(IndentSize(args[0], 2));
        return RegoString.Of(YamlWriter.Write(args[0]));
    }

    // Only called after every node was counted, so it needs no budget of its own.
    private static long IndentSize(RegoValue value, int indent) => value switch
    {
        RegoArray array => array.Sum(item => indent + IndentSize(item, indent + 2)),
        RegoSet set => set.Sum(item => indent + IndentSize(item, indent + 2)),
        RegoObject map => map.Sum(member => indent + IndentSize(member.Value, indent + 2)),
        RegoString text => (long)text.Value.AsSpan().Count('\n') * indent,
        _ => 0,
    };

    private static RegoValue? Unmarshal(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        SpendParsing(context, text);
        return YamlDocument.TryParse(text, out var value, out var error, out _) ? value : context.Fail(error);
    }

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString { Value: var text })
            return RegoBoolean.False;
        SpendParsing(context, text);
        return RegoBoolean.Of(YamlDocument.TryParse(text, out _, out _, out _));
    }

    private static void SpendParsing(BuiltinContext context, string text) => context.SpendText((long)text.Length * 16);
}
