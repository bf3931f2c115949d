using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>json.marshal, marshal_with_options, unmarshal and is_valid.</summary>
internal static class Json
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("json.marshal(x:any) -> string", Marshal),
        DeclareMarshalWithOptions(),
        Signature.Declare("json.unmarshal(x:string) -> any", Unmarshal),
        Signature.Declare("json.is_valid(x:string) -> boolean", IsValid),
    ];

    private static Builtin DeclareMarshalWithOptions()
    {
        var options = new ObjectType(
            [
                new ObjectTypeMember(new RegoString("indent"), RegoType.String),
                new ObjectTypeMember(new RegoString("prefix"), RegoType.String),
                new ObjectTypeMember(new RegoString("pretty"), RegoType.Boolean),
            ],
            RegoType.String,
            RegoType.Any);
        return new Builtin("json.marshal_with_options", [RegoType.Any, options], RegoType.String, BuiltinTraits.None, MarshalWithOptions);
    }

    private static RegoString Marshal(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        ValueSize.Spend(context, args[0]);
        return RegoString.Of(RegoJson.Serialize(args[0]));
    }

    private static RegoValue? MarshalWithOptions(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 2, out var options))
            return null;
        bool? pretty = null;
        string? prefix = null, indent = null;
        foreach (var (key, value) in options.Members)
        {
            switch (((key as RegoString)?.Value, value))
            {
                case ("pretty", RegoBoolean flag):
                    pretty = flag.Value;
                    break;
                case ("prefix", RegoString text):
                    prefix = text.Value;
                    break;
                case ("indent", RegoString text):
                    indent = text.Value;
                    break;
                case ("pretty" or "prefix" or "indent", _):
                    return context.FailType($"operand 2 key {((RegoString)key).Value} failed cast to {(key is RegoString { Value: "pretty" } ? "bool" : "string")}");
                default:
                    return context.FailType($"operand 2 object contained unknown key {key}");
            }
        }

        ValueSize.Spend(context, args[0]);
        var layout = new RegoJsonLayout(pretty ?? (prefix is not null || indent is not null), prefix ?? "", indent ?? "\t");
        context.SpendText(LayoutSize(args[0], layout, 1));
        return RegoString.Of(RegoJsonWriter.ToText(args[0], layout));
    }

    // Only called after every node was counted, so it needs no budget of its own.
    private static long LayoutSize(RegoValue value, RegoJsonLayout layout, int depth)
    {
        if (!layout.Indented)
            return 0;
        var line = 1L + layout.Prefix.Length + ((long)layout.Indent.Length * depth);
        return value switch
        {
            RegoArray array => array.Sum(item => line + LayoutSize(item, layout, depth + 1)),
            RegoSet set => set.Sum(item => line + LayoutSize(item, layout, depth + 1)),
            RegoObject map => map.Sum(member => line + LayoutSize(member.Value, layout, depth + 1)),
            _ => line,
        };
    }

    private static RegoValue? Unmarshal(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        SpendParsing(context, text);
        return RegoJson.TryParse(text, out var value, out var error) ? value : context.Fail(error);
    }

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        // What is no text is no JSON text either; OPA fails for no operand here.
        if (args[0] is not RegoString { Value: var text })
            return RegoBoolean.False;
        SpendParsing(context, text);
        return RegoBoolean.Of(RegoJson.TryParse(text, out _, out _));
    }

    // The densest text, [[],[],…], becomes about a dozen bytes of values per character.
    private static void SpendParsing(BuiltinContext context, string text) => context.SpendText((long)text.Length * 8);
}
