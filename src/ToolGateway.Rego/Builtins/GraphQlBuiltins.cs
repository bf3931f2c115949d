using ToolGateway.Rego.Builtins.GraphQl;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The graphql family.</summary>
internal static class GraphQlBuiltins
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("graphql.is_valid(query:string|object[any:any], schema:string|object[any:any]) -> boolean", IsValid),
        Signature.Declare(
            "graphql.parse(query:string|object[any:any], schema:string|object[any:any]) -> array<object[any:any], object[any:any]>", Parse),
        Signature.Declare(
            "graphql.parse_and_verify(query:string|object[any:any], schema:string|object[any:any]) -> array<boolean, object[any:any], object[any:any]>",
            ParseAndVerify),
        Signature.Declare("graphql.parse_query(query:string) -> object[any:any]", ParseQuery),
        Signature.Declare("graphql.parse_schema(schema:string) -> object[any:any]", ParseSchema),
        Signature.Declare("graphql.schema_is_valid(schema:string|object[any:any]) -> boolean", SchemaIsValid),
    ];

    private static RegoValue? ParseQuery(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString)
            return context.FailOperand(1, "string", args[0]);
        var document = Read(context, args[0], isSchema: false);
        return document.Node is null ? context.Fail(document.Error) : document.Node;
    }

    private static RegoValue? ParseSchema(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString)
            return context.FailOperand(1, "string", args[0]);
        var document = Read(context, args[0], isSchema: true);
        return document.Node is null ? context.Fail(document.Error) : document.Node;
    }

    private static RegoValue? Parse(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var query = Read(context, args[0], isSchema: false);
        var schema = Read(context, args[1], isSchema: true);
        var error = query.Node is null ? query.Error : schema.Node is null ? schema.Error : Check(context, query, schema);
        return error is null ? RegoArray.Of(query.Node!, schema.Node!) : context.Fail(error);
    }

    private static RegoValue? ParseAndVerify(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var query = Read(context, args[0], isSchema: false);
        var schema = Read(context, args[1], isSchema: true);
        return query.Node is not null && schema.Node is not null && Check(context, query, schema) is null
            ? RegoArray.Of(RegoBoolean.True, query.Node, schema.Node)
            : RegoArray.Of(RegoBoolean.False, RegoObject.Empty, RegoObject.Empty);
    }

    private static RegoValue? IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var query = Read(context, args[0], isSchema: false);
        var schema = Read(context, args[1], isSchema: true);
        return RegoBoolean.Of(query.Node is not null && schema.Node is not null && Check(context, query, schema) is null);
    }

    private static RegoValue? SchemaIsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var schema = Read(context, args[0], isSchema: true);
        return RegoBoolean.Of(schema.Node is not null && SchemaBuilder.Build(schema.Node, context.Budget, schema.Places, out _) is not null);
    }

    /// <summary>The first fault of schema or query, or null.</summary>
    private static string? Check(BuiltinContext context, Document query, Document schema)
    {
        if (SchemaBuilder.Build(schema.Node!, context.Budget, schema.Places, out var error) is not { } built)
            return error;
        return QueryValidator.Check(built, query.Node!, context.Budget, query.Places);
    }

    private static Document Read(BuiltinContext context, RegoValue operand, bool isSchema)
    {
        switch (operand)
        {
            case RegoObject tree:
                return new Document(tree, "", null);
            case RegoString text:
                context.Budget.Step(1 + (text.Value.Length / 16));
                context.Budget.Charge(text.Value.Length * 4L);
                var parsed = isSchema
                    ? Parser.TryParseSchema(text.Value, context.Budget, out var node, out var parser)
                    : Parser.TryParseQuery(text.Value, context.Budget, out node, out parser);
                return new Document(parsed ? node : null, parser.Error ?? "", parser.Places);
            default:
                return new Document(null, $"operand must be one of {{string, object}} but got {BuiltinContext.KindName(operand)}", null);
        }
    }

    /// <summary>A syntax tree with the places of its nodes, which trees given as objects lack.</summary>
    private sealed record Document(RegoObject? Node, string Error, Dictionary<RegoObject, (int Line, int Column)>? Places);
}
