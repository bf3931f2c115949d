using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>What makes a type system valid.</summary>
internal sealed partial class SchemaBuilder
{
    private void Check()
    {
        foreach (var type in _schema.Types.Values)
        {
            if (_error is not null)
                return;
            _budget.Step();
            CheckFields(type);
            CheckMembers(type);
            foreach (var face in type.Interfaces)
                CheckImplements(type, face);
            CheckShape(type);
            if (!type.BuiltIn)
                CheckName(null, type.Name);
            CheckDirectives(type.Directives, type.Kind, null);
        }

        foreach (var directive in _schema.Directives.Values)
        {
            CheckName(directive, directive.Text("Name"));
            CheckArguments(directive, directive);
        }
    }

    private void CheckFields(TypeDefinition type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in type.Fields)
        {
            _budget.Step();
            CheckName(field, field.Text("Name"));
            CheckTypeExists(field);
            CheckArguments(field, null);
            CheckDirectives(field.Children("Directives"), type.Kind == "INPUT_OBJECT" ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION", null);
            if (!names.Add(field.Text("Name")))
                Fail(field, $"Field {type.Name}.{field.Text("Name")} can only be defined once.");
        }
    }

    private void CheckMembers(TypeDefinition type)
    {
        foreach (var name in type.Members)
        {
            if (_schema.Find(name) is not { } member)
                Fail(null, $"Undefined type \"{name}\".");
            else if (member.Kind != "OBJECT")
                Fail(null, $"{type.Kind} type \"{name}\" must be OBJECT.");
        }
    }

    private void CheckShape(TypeDefinition type)
    {
        switch (type.Kind)
        {
            case "OBJECT" or "INTERFACE" when type.Fields.Count == 0:
                Fail(null, $"{type.Kind} {type.Name}: must define one or more fields.");
                break;
            case "ENUM" when type.Values.Count == 0:
                Fail(null, $"{type.Kind} {type.Name}: must define one or more unique enum values.");
                break;
            case "ENUM" when type.Values.Find(value => value.Text("Name") is "true" or "false" or "null") is { } value:
                Fail(null, $"{type.Kind} {type.Name}: non-enum value {value.Text("Name")}.");
                break;
            case "INPUT_OBJECT" when type.Fields.Count == 0:
                Fail(null, $"{type.Kind} {type.Name}: must define one or more input fields.");
                break;
            case "OBJECT" or "INTERFACE" or "INPUT_OBJECT":
                CheckFieldKinds(type);
                break;
        }
    }

    private void CheckFieldKinds(TypeDefinition type)
    {
        var input = type.Kind == "INPUT_OBJECT";
        foreach (var field in type.Fields)
        {
            if (field.Child("Type") is not { } reference || _schema.Find(Schema.NameOf(reference)) is not { } found)
                continue;
            if (input && !found.IsInput)
                Fail(field, $"{found.Kind} {field.Text("Name")}: field must be one of SCALAR, ENUM, INPUT_OBJECT.");
            else if (!input && found.Kind == "INPUT_OBJECT")
                Fail(field, $"{type.Kind} {type.Name}: field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.");
        }
    }

    private void CheckArguments(RegoObject owner, RegoObject? directive)
    {
        foreach (var argument in owner.Children("Arguments"))
        {
            _budget.Step();
            CheckName(argument, argument.Text("Name"));
            CheckTypeExists(argument);
            if (argument.Child("Type") is { } type && _schema.Find(Schema.NameOf(type)) is { IsInput: false } found)
                Fail(argument, $"cannot use {Schema.TextOf(type)} as argument {argument.Text("Name")} because {found.Kind} is not a valid input type");
            CheckDirectives(argument.Children("Directives"), "ARGUMENT_DEFINITION", directive);
        }
    }

    private void CheckDirectives(IEnumerable<RegoObject> directives, string location, RegoObject? current)
    {
        foreach (var directive in directives)
        {
            _budget.Step();
            var name = directive.Text("Name");
            CheckName(directive, name);
            if (current is not null && name == current.Text("Name"))
                Fail(directive, $"Directive {name} cannot refer to itself.");
            else if (!_schema.Directives.TryGetValue(name, out var definition))
                Fail(directive, $"Undefined directive {name}.");
            else if (!definition.Texts("Locations").Contains(location))
                Fail(directive, $"Directive {name} is not applicable on {location}.");
        }
    }

    private void CheckTypeExists(RegoObject owner)
    {
        var type = owner.Child("Type");
        if (type is null || _schema.Find(Schema.NameOf(type)) is null)
            Fail(type ?? owner, $"Undefined type {(type is null ? "" : Schema.NameOf(type))}.");
    }

    private void CheckName(RegoObject? node, string name)
    {
        if (name.StartsWith("__", StringComparison.Ordinal) && !(node is null ? _schema.Find(name) is { BuiltIn: true } : false))
            Fail(node, $"Name \"{name}\" must not begin with \"__\", which is reserved by GraphQL introspection.");
    }

    private void CheckImplements(TypeDefinition type, string name)
    {
        if (_schema.Find(name) is not { } face)
        {
            Fail(null, $"Undefined type \"{name}\".");
            return;
        }

        if (face.Kind != "INTERFACE")
            Fail(null, $"\"{name}\" is a non interface type {face.Kind}.");
        foreach (var required in face.Fields)
        {
            _budget.Step();
            var label = $"For {type.Name} to implement {face.Name}";
            if (type.Field(required.Text("Name")) is { } found)
                CheckImplements(label, required, found);
            else
                Fail(null, $"{label} it must have a field called {required.Text("Name")}.");
        }

        foreach (var other in face.Interfaces.Where(other => !type.Interfaces.Contains(other)))
        {
            Fail(null, other == type.Name
                ? $"Type {type.Name} cannot implement {name} because it would create a circular reference."
                : $"Type {type.Name} must implement {other} because it is implemented by {name}.");
        }
    }

    private void CheckImplements(string label, RegoObject required, RegoObject found)
    {
        var name = required.Text("Name");
        if (required.Child("Type") is not { } wanted || found.Child("Type") is not { } actual)
            return;
        if (!IsCovariant(wanted, actual))
            Fail(found, $"{label} the field {name} must have type {Schema.TextOf(wanted)}.");
        foreach (var argument in required.Children("Arguments"))
        {
            if (found.Named("Arguments", argument.Text("Name")) is not { } given)
                Fail(found, $"{label} the field {name} must have the same arguments but it is missing {argument.Text("Name")}.");
            else if (argument.Child("Type") is { } expected && given.Child("Type") is { } type && !Schema.Fits(expected, type))
                Fail(given, $"{label} the field {name} must have the same arguments but {argument.Text("Name")} has the wrong type.");
        }

        foreach (var argument in found.Children("Arguments"))
        {
            if (required.Named("Arguments", argument.Text("Name")) is null && argument.Child("Type") is { } type && type.Flag("NonNull") && !argument.Has("DefaultValue"))
                Fail(argument, $"{label} any additional arguments on {name} must be optional or have a default value but {argument.Text("Name")} is required.");
        }
    }

    private bool IsCovariant(RegoObject required, RegoObject actual)
    {
        if (required.Flag("NonNull") && !actual.Flag("NonNull"))
            return false;
        if (required.Child("Elem") is { } element)
            return actual.Child("Elem") is { } inner && IsCovariant(element, inner);
        var (wanted, given) = (required.Text("NamedType"), actual.Text("NamedType"));
        return wanted == given || (given.Length > 0 && _schema.PossibleTypes(wanted).Contains(given));
    }
}
