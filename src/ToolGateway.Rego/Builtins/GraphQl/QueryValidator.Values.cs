using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Variables and values.</summary>
internal sealed partial class QueryValidator
{
    private void CheckVariables(RegoObject operation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in operation.Children("VariableDefinitions"))
        {
            _budget.Step();
            var name = variable.Text("Variable");
            if (!names.Add(name))
                Fail(variable, $"There can be only one variable named \"${name}\".");
            CheckDirectives(variable, "VARIABLE_DEFINITION");
            if (variable.Child("Type") is not { } type)
                continue;
            var found = _schema.Find(Schema.NameOf(type));
            if (found is null)
                Fail(variable, $"Unknown type \"{Schema.NameOf(type)}\".");
            else if (!found.IsInput)
                Fail(variable, $"Variable \"${name}\" cannot be non-input type \"{Schema.TextOf(type)}\".");
            else if (variable.Child("DefaultValue") is { } value)
                CheckValue(value, type, hasDefault: false);
        }
    }

    private void CheckUsages(RegoObject operation)
    {
        var label = operation.Text("Name") is { Length: > 0 } name ? $" by operation \"{name}\"" : "";
        var declared = new Dictionary<string, RegoObject>(StringComparer.Ordinal);
        foreach (var variable in operation.Children("VariableDefinitions"))
            declared.TryAdd(variable.Text("Variable"), variable);
        foreach (var usage in _usages)
        {
            if (declared.TryGetValue(usage.Name, out var variable))
                CheckPosition(usage, variable);
            else
                Fail(usage.Value, $"Variable \"${usage.Name}\" is not defined{label}.");
        }

        var used = _usages.Select(usage => usage.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var variable in declared.Values.Where(variable => !used.Contains(variable.Text("Variable"))))
        {
            var where = operation.Text("Name") is { Length: > 0 } title ? $" in operation \"{title}\"" : "";
            Fail(variable, $"Variable \"${variable.Text("Variable")}\" is never used{where}.");
        }
    }

    private void CheckPosition(Usage usage, RegoObject variable)
    {
        if (usage.Expected is not { } expected || variable.Child("Type") is not { } type)
            return;
        var actual = type;
        var hasValue = variable.Child("DefaultValue") is { } value && KindOf(value) != ValueKind.Null;
        // A default makes a nullable variable fit where null is refused.
        if (expected.Flag("NonNull") && !type.Flag("NonNull") && (hasValue || usage.HasDefault))
            actual = Node.Make(("NamedType", Node.Text(type.Text("NamedType"))), ("Elem", type.Child("Elem")), ("NonNull", RegoBoolean.True));
        if (!Schema.Fits(actual, expected))
            Fail(usage.Value, $"Variable \"${usage.Name}\" of type \"{Schema.TextOf(type)}\" used in position expecting type \"{Schema.TextOf(expected)}\".");
    }

    private void CheckValue(RegoObject value, RegoObject? expected, bool hasDefault)
    {
        _budget.Enter();
        _budget.Step();
        var kind = KindOf(value);
        if (kind == ValueKind.Variable)
            _usages.Add(new Usage(value.Text("Raw"), expected, hasDefault, value));
        else if (expected is null)
            CheckChildren(value, kind, null);
        else if (kind == ValueKind.Null && expected.Flag("NonNull"))
            Fail(value, $"Expected value of type \"{Schema.TextOf(expected)}\", found null.");
        else if (kind != ValueKind.Null && expected.Child("Elem") is { } element)
            CheckList(value, kind, element);
        else if (kind != ValueKind.Null && _schema.Find(expected.Text("NamedType")) is { } type)
            CheckNamed(value, kind, type, expected);
        _budget.Leave();
    }

    private void CheckList(RegoObject value, ValueKind kind, RegoObject element)
    {
        if (kind != ValueKind.List)
        {
            // A single value stands for a list of one.
            CheckValue(value, element, hasDefault: false);
            return;
        }

        foreach (var child in value.Children("Children"))
        {
            if (child.Child("Value") is { } item)
                CheckValue(item, element, hasDefault: false);
        }
    }

    private void CheckNamed(RegoObject value, ValueKind kind, TypeDefinition type, RegoObject expected)
    {
        var isBuiltInScalar = type.Kind == "SCALAR" && type.Name is "Int" or "Float" or "String" or "Boolean" or "ID";
        if (type.Kind == "SCALAR" && !isBuiltInScalar)
        {
            CheckChildren(value, kind, null);
            return;
        }

        var fits = kind switch
        {
            ValueKind.Int => isBuiltInScalar && type.Name is "Int" or "Float" or "ID",
            ValueKind.Float => isBuiltInScalar && type.Name == "Float",
            ValueKind.String or ValueKind.Block => isBuiltInScalar && type.Name is "String" or "ID",
            ValueKind.Boolean => isBuiltInScalar && type.Name == "Boolean",
            ValueKind.Enum => type.Kind == "ENUM" && type.Values.Exists(item => item.Text("Name") == value.Text("Raw")),
            ValueKind.Object => type.Kind == "INPUT_OBJECT",
            _ => false,
        };
        if (!fits)
            Fail(value, $"Expected value of type \"{Schema.TextOf(expected)}\", found {TextOf(value)}.");
        else if (kind == ValueKind.Object)
            CheckObject(value, type);
    }

    private void CheckObject(RegoObject value, TypeDefinition type)
    {
        CheckChildren(value, ValueKind.Object, type);
        foreach (var field in type.Fields)
        {
            if (field.Child("Type") is { } wanted && wanted.Flag("NonNull") && !field.Has("DefaultValue") && value.Named("Children", field.Text("Name")) is null)
                Fail(value, $"Field \"{type.Name}.{field.Text("Name")}\" of required type \"{Schema.TextOf(wanted)}\" was not provided.");
        }
    }

    private void CheckChildren(RegoObject value, ValueKind kind, TypeDefinition? type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var child in value.Children("Children"))
        {
            var name = child.Text("Name");
            if (kind == ValueKind.Object && !names.Add(name))
                Fail(child, $"There can be only one input field named \"{name}\".");
            var field = type?.Field(name);
            if (type is not null && field is null)
                Fail(child, $"Field \"{name}\" is not defined by type \"{type.Name}\".");
            if (child.Child("Value") is { } item)
                CheckValue(item, field?.Child("Type"), field is not null && field.Has("DefaultValue"));
        }
    }

    private static ValueKind KindOf(RegoObject value) =>
        value.TryGetValue("Kind", out var kind) && kind is RegoNumber number && number.TryGetInt64(out var index) ? (ValueKind)index : ValueKind.Null;

    private static string TextOf(RegoObject value) => KindOf(value) switch
    {
        ValueKind.Variable => "$" + value.Text("Raw"),
        ValueKind.String or ValueKind.Block => Node.Text(value.Text("Raw")).ToJson(),
        ValueKind.List => $"[{string.Join(',', value.Children("Children").Select(child => child.Child("Value") is { } item ? TextOf(item) : ""))}]",
        ValueKind.Object => $"{{{string.Join(',', value.Children("Children").Select(child => child.Text("Name") + ":" + (child.Child("Value") is { } item ? TextOf(item) : "")))}}}",
        _ => value.Text("Raw"),
    };

    /// <summary>A variable where a type is expected.</summary>
    private sealed record Usage(string Name, RegoObject? Expected, bool HasDefault, RegoObject Value);
}
