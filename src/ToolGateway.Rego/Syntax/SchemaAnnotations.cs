using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>One entry of <c>schemas</c>: <c>input.x: schema.name</c>, or a path with a schema written out.</summary>
internal static class SchemaAnnotations
{
    public static (RegoValue? Value, string? Error) Read(RegoValue item)
    {
        if (item is not RegoObject { Count: 1 } map)
            return (null, "invalid schema definition");
        var (path, schema) = map.Members[0];
        if (Path(((RegoString)path).Value) is not { } keys)
            return (null, $"invalid schema path: {((RegoString)path).Value}");
        var entry = new RegoObjectBuilder();
        entry.Set("path", keys);
        if (schema is RegoObject definition)
            entry.Set("definition", definition);
        else if (schema is RegoString { Value: var name } && Path(name) is { } reference)
            entry.Set("schema", reference);
        else
            return (null, "invalid schema reference");
        return (entry.ToObject(), null);
    }

    private static RegoArray? Path(string text)
    {
        var (term, errors) = RegoParser.ParseTerm(text);
        if (errors.Count > 0)
            return null;
        return term switch
        {
            VarTerm name => RegoArray.Adopt([new RegoString(name.Name)]),
            RefTerm { Head: VarTerm head } reference when reference.Operands.All(static operand => operand is ScalarTerm) =>
                RegoArray.Adopt([new RegoString(head.Name), .. reference.Operands.Select(static operand => ((ScalarTerm)operand).Value)]),
            _ => null,
        };
    }
}
