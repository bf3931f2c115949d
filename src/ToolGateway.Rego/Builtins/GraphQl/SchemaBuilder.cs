using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Makes a schema of a document, with the prelude, and checks it.</summary>
internal sealed partial class SchemaBuilder
{
    private readonly Schema _schema = new();
    private readonly EvaluationBudget _budget;
    private readonly IReadOnlyDictionary<RegoObject, (int Line, int Column)>? _places;
    private string? _error;

    private SchemaBuilder(EvaluationBudget budget, IReadOnlyDictionary<RegoObject, (int Line, int Column)>? places)
    {
        _budget = budget;
        _places = places;
    }

    /// <summary>The schema, or null with the first fault in <paramref name="error"/>.</summary>
    public static Schema? Build(
        RegoObject document, EvaluationBudget budget, IReadOnlyDictionary<RegoObject, (int Line, int Column)>? places, out string error)
    {
        var builder = new SchemaBuilder(budget, places);
        builder.AddTypes(Prelude.Document, builtIn: true);
        builder.AddTypes(document, builtIn: false);
        builder.AddExtensions(document);
        builder.AddPossibleTypes();
        builder.AddDirectives(document);
        builder.AddRoots(document);
        builder.Check();
        builder.AddDefaultRoots(document);
        error = builder._error is null ? "" : $"Error in gqlparser SchemaDocument to Schema conversion: {builder._error}";
        return builder._error is null ? builder._schema : null;
    }

    private void AddTypes(RegoObject document, bool builtIn)
    {
        foreach (var node in document.Children("Definitions"))
        {
            _budget.Step();
            var type = new TypeDefinition(node.Text("Name"), node.Text("Kind"), builtIn || node.Flag("BuiltIn"));
            type.Add(node);
            if (!_schema.Types.TryAdd(type.Name, type))
                Fail(node, $"Cannot redeclare type {type.Name}.");
        }

        if (!builtIn)
            return;
        foreach (var node in document.Children("Directives"))
            _schema.Directives.Add(node.Text("Name"), node);
    }

    private void AddExtensions(RegoObject document)
    {
        foreach (var node in document.Children("Extensions"))
        {
            _budget.Step();
            var name = node.Text("Name");
            if (_schema.Find(name) is not { } type)
                _schema.Types[name] = type = new TypeDefinition(name, node.Text("Kind"), builtIn: false);
            if (type.Kind != node.Text("Kind"))
                Fail(node, $"Cannot extend type {name} because the base type is a {type.Kind}, not {node.Text("Kind")}.");
            type.Add(node);
        }
    }

    private void AddPossibleTypes()
    {
        foreach (var type in _schema.Types.Values)
        {
            foreach (var member in type.Members)
                _schema.AddPossible(type.Name, member);
            foreach (var face in type.Interfaces)
                _schema.AddPossible(face, type.Name);
            if (type.Kind is "OBJECT" or "INPUT_OBJECT")
                _schema.AddPossible(type.Name, type.Name);
        }
    }

    private void AddDirectives(RegoObject document)
    {
        foreach (var node in document.Children("Directives"))
        {
            _budget.Step();
            // The directives of the specification may be declared again; the first declaration counts.
            if (!_schema.Directives.TryAdd(node.Text("Name"), node) && node.Text("Name") is not ("include" or "skip" or "deprecated" or "specifiedBy"))
                Fail(node, $"Cannot redeclare directive {node.Text("Name")}.");
        }
    }

    private void AddRoots(RegoObject document)
    {
        var schemas = document.Children("Schema").ToList();
        if (schemas.Count > 1)
            Fail(schemas[1], "Cannot have multiple schema entry points, consider schema extensions instead.");
        foreach (var operation in schemas.Concat(document.Children("SchemaExtension")).SelectMany(schema => schema.Children("OperationTypes")))
        {
            if (_schema.Find(operation.Text("Type")) is { } type)
                _schema.Roots[operation.Text("Operation")] = type;
            else
                Fail(operation, $"Schema root {operation.Text("Operation")} refers to a type {operation.Text("Type")} that does not exist.");
        }
    }

    private void AddDefaultRoots(RegoObject document)
    {
        if (!document.Children("Schema").Any())
        {
            foreach (var (operation, name) in (ReadOnlySpan<(string, string)>)[("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")])
            {
                if (_schema.Find(name) is { } type)
                    _schema.Roots.TryAdd(operation, type);
            }
        }

        if (_schema.Roots.TryGetValue("query", out var query))
            query.Fields.AddRange(Prelude.RootFields);
    }

    private void Fail(RegoObject? node, string message)
    {
        if (_error is not null)
            return;
        _error = node is not null && _places is not null && _places.TryGetValue(node, out var place)
            ? $"input:{place.Line}:{place.Column}: {message}"
            : $"input: {message}";
    }
}
