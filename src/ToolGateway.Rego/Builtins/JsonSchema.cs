using ToolGateway.Rego.Builtins.Schema;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>json.match_schema and json.verify_schema.</summary>
internal static class JsonSchema
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare(
            "json.match_schema(document:string|object[any:any]|array[any], schema:string|object[any:any]) -> array<boolean, array[object[string:string]]>", Match),
        Signature.Declare("json.verify_schema(schema:string|object[any:any]) -> array<boolean, null|string>", Verify),
    ];

    private static RegoValue? Match(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (Load(context, args[0], allowArray: true, out var error) is not { } document || Load(context, args[1], allowArray: false, out error) is not { } text ||
            SchemaCompiler.Compile(context, text, out error) is not { } schema)
            return context.Fail(error!);
        var report = new SchemaValidator(context).Validate(schema, document);
        return RegoArray.Of(RegoBoolean.Of(report.IsValid), report.ToArray());
    }

    private static RegoArray Verify(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var valid = Load(context, args[0], allowArray: false, out var error) is { } text && SchemaCompiler.Compile(context, text, out error) is not null;
        return RegoArray.Of(RegoBoolean.Of(valid), valid ? RegoNull.Value : new RegoString("jsonschema: " + error));
    }

    // Text is JSON; other values are taken as the JSON that they would be written as.
    private static RegoValue? Load(BuiltinContext context, RegoValue operand, bool allowArray, out string? error)
    {
        error = null;
        switch (operand)
        {
            case RegoString text:
                context.SpendText((long)text.Value.Length * 8);
                if (RegoJson.TryParse(text.Value, out var parsed, out _))
                    return parsed;
                error = "invalid JSON string";
                return null;
            case RegoObject:
            case RegoArray when allowArray:
                ValueSize.Spend(context, operand);
                return RegoJson.TryParse(RegoJson.Serialize(operand), out var written, out error) ? written : null;
            default:
                error = "wrong type, expected string or object";
                return null;
        }
    }
}
