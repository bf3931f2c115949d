using ToolGateway.Rego.Builtins.Schema;
using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>The static type of what a JSON schema describes, as OPA sees it: an object has the properties that are listed, and no others.</summary>
internal sealed class SchemaTyping
{
    private const string Unmergeable = "unable to merge these schemas";
    private readonly HashSet<SchemaNode> _open = new(ReferenceEqualityComparer.Instance);
    private string? _error;

    public static RegoType? Of(SchemaNode schema, out string? error)
    {
        var typing = new SchemaTyping();
        var type = typing.Of(schema);
        error = typing._error;
        return error is null ? type : null;
    }

    private RegoType Of(SchemaNode schema)
    {
        // A schema within itself: nothing more is known at this depth.
        if (!_open.Add(schema))
            return RegoType.Any;
        var type = schema.Reference is { } target ? Of(target)
            : schema.AnyOf.Count > 0 ? OfAny(schema)
            : schema.AllOf.Count > 0 ? OfAll(schema)
            : OfPlain(schema);
        _open.Remove(schema);
        return type;
    }

    private RegoType OfAny(SchemaNode schema)
    {
        var type = schema.Types.Count > 0 && OfPlain(schema) is ObjectType { Static.Count: > 0 } own ? own : (RegoType?)null;
        foreach (var alternative in schema.AnyOf)
            type = TypeOps.Or(Of(alternative), type);
        return type ?? RegoType.Any;
    }

    private RegoType OfAll(SchemaNode schema)
    {
        var type = Of(schema.AllOf[0]);
        foreach (var part in schema.AllOf.Skip(1))
            type = Merge(type, Of(part));
        return schema.Types.Count > 0 ? Merge(OfPlain(schema), type) : type;
    }

    private RegoType Merge(RegoType a, RegoType b)
    {
        switch (a, b)
        {
            case (AnyType, _):
                return b;
            case (_, AnyType):
                return a;
            case (ObjectType x, ObjectType y):
                var members = x.Static.Concat(y.Static.Where(other => !x.Static.Any(member => member.Key.Equals(other.Key)))).ToList();
                return members.Count == 0 ? x : new ObjectType(members, null, null);
            case (ArrayType x, ArrayType y):
                return x.Static.Count == 0 && x.Dynamic is AnyType ? y : x;
            default:
                if (!TypeOps.Same(a, b))
                    _error ??= Unmergeable;
                return a;
        }
    }

    private RegoType OfPlain(SchemaNode schema)
    {
        if (schema.Types.Contains("boolean"))
            return RegoType.Boolean;
        if (schema.Types.Contains("string"))
            return RegoType.String;
        if (schema.Types.Contains("integer") || schema.Types.Contains("number"))
            return RegoType.Number;
        if (schema.Types.Contains("object") || (schema.Types.Count == 0 && schema.Properties.Count > 0))
            return OfObject(schema);
        if (schema.Types.Contains("array") || (schema.Types.Count == 0 && (schema.Items is not null || schema.PositionalItems.Count > 0)))
            return OfArray(schema);
        return RegoType.Any;
    }

    private ObjectType OfObject(SchemaNode schema) => schema.Properties.Count == 0
        ? new ObjectType([], RegoType.Any, RegoType.Any)
        : new ObjectType([.. schema.Properties.Select(property => new ObjectTypeMember(new RegoString(property.Key), Of(property.Value)))], null, null);

    private ArrayType OfArray(SchemaNode schema)
    {
        if (schema.Items is { } items)
            return new ArrayType([], Of(items));
        return schema.PositionalItems.Count > 0
            ? new ArrayType([.. schema.PositionalItems.Select(Of)], null)
            : new ArrayType([], RegoType.Any);
    }
}
