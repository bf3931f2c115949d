using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Checks a query against a schema by the rules of the GraphQL specification, section 5.</summary>
internal sealed partial class QueryValidator
{
    private readonly Schema _schema;
    private readonly RegoObject _query;
    private readonly EvaluationBudget _budget;
    private readonly IReadOnlyDictionary<RegoObject, (int Line, int Column)>? _places;
    private readonly Dictionary<string, RegoObject> _fragments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usedFragments = new(StringComparer.Ordinal);
    private readonly List<Usage> _usages = [];
    private HashSet<string>? _visited;
    private string? _error;

    private QueryValidator(
        Schema schema, RegoObject query, EvaluationBudget budget, IReadOnlyDictionary<RegoObject, (int Line, int Column)>? places)
    {
        _schema = schema;
        _query = query;
        _budget = budget;
        _places = places;
    }

    /// <summary>The first fault, or null.</summary>
    public static string? Check(Schema schema, RegoObject query, EvaluationBudget budget, IReadOnlyDictionary<RegoObject, (int Line, int Column)>? places)
    {
        var validator = new QueryValidator(schema, query, budget, places);
        validator.Check();
        return validator._error;
    }

    private void Check()
    {
        foreach (var fragment in _query.Children("Fragments"))
        {
            if (!_fragments.TryAdd(fragment.Text("Name"), fragment))
                Fail(fragment, $"There can be only one fragment named \"{fragment.Text("Name")}\".");
        }

        // Whatever follows fragments into each other relies on there being no cycle.
        foreach (var fragment in _fragments.Values)
            CheckCycle(fragment);
        if (_error is not null)
            return;
        var operations = _query.Children("Operations").ToList();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            var name = operation.Text("Name");
            if (name.Length == 0 && operations.Count > 1)
                Fail(operation, "This anonymous operation must be the only defined operation.");
            if (name.Length > 0 && !names.Add(name))
                Fail(operation, $"There can be only one operation named \"{name}\".");
            CheckOperation(operation);
        }

        foreach (var fragment in _query.Children("Fragments"))
            CheckFragment(fragment);
        foreach (var name in _fragments.Keys.Where(name => !_usedFragments.Contains(name)))
            Fail(_fragments[name], $"Fragment \"{name}\" is never used.");
    }

    private void CheckOperation(RegoObject operation)
    {
        var kind = operation.Text("Operation");
        if (!_schema.Roots.TryGetValue(kind, out var root))
            Fail(operation, $"Schema does not support operation type \"{kind}\"");
        CheckVariables(operation);
        CheckDirectives(operation, kind.ToUpperInvariant());
        _usages.Clear();
        _visited = new(StringComparer.Ordinal);
        CheckSelections(operation, root);
        _visited = null;
        CheckUsages(operation);
        if (kind == "subscription")
            CheckSubscription(operation);
        if (_error is null)
            CheckOverlaps(operation, root);
    }

    private void CheckSelections(RegoObject owner, TypeDefinition? parent)
    {
        _budget.Enter();
        foreach (var selection in owner.Children("SelectionSet"))
        {
            _budget.Step();
            if (selection.Has("Alias"))
                CheckField(selection, parent);
            else if (selection.Has("TypeCondition") || selection.Has("SelectionSet"))
                CheckInlineFragment(selection, parent);
            else
                CheckSpread(selection, parent);
        }

        _budget.Leave();
    }

    private void CheckField(RegoObject field, TypeDefinition? parent)
    {
        var name = field.Text("Name");
        var definition = name == "__typename" ? null : parent?.Field(name);
        if (definition is null && parent is not null && (name != "__typename" || !parent.IsComposite))
            Fail(field, $"Cannot query field \"{name}\" on type \"{parent.Name}\".");
        CheckDirectives(field, "FIELD");
        CheckArguments(field, definition, $"field \"{parent?.Name}.{name}\"", $"Field \"{name}\"");
        var type = definition?.Child("Type") is { } reference ? _schema.Find(Schema.NameOf(reference)) : name == "__typename" ? _schema.Find("String") : null;
        var has = field.Has("SelectionSet");
        if (type is { IsLeaf: true } && has)
            Fail(field, $"Field \"{name}\" must not have a selection since type \"{TypeText(definition, type)}\" has no subfields.");
        else if (type is { IsComposite: true } && !has)
            Fail(field, $"Field \"{name}\" of type \"{TypeText(definition, type)}\" must have a selection of subfields. Did you mean \"{name} {{ ... }}\"?");
        CheckSelections(field, type);
    }

    private static string TypeText(RegoObject? definition, TypeDefinition type) => definition?.Child("Type") is { } reference ? Schema.TextOf(reference) : type.Name;

    private void CheckArguments(RegoObject owner, RegoObject? definition, string place, string title)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in owner.Children("Arguments"))
        {
            _budget.Step();
            var name = argument.Text("Name");
            if (!names.Add(name))
                Fail(argument, $"There can be only one argument named \"{name}\".");
            var declared = definition?.Named("Arguments", name);
            if (definition is not null && declared is null)
                Fail(argument, $"Unknown argument \"{name}\" on {place}.");
            if (argument.Child("Value") is { } value)
                CheckValue(value, declared?.Child("Type"), declared is not null && declared.Has("DefaultValue"));
        }

        foreach (var declared in definition?.Children("Arguments") ?? [])
        {
            if (declared.Child("Type") is { } type && type.Flag("NonNull") && !declared.Has("DefaultValue") && !names.Contains(declared.Text("Name")))
                Fail(owner, $"{title} argument \"{declared.Text("Name")}\" of type \"{Schema.TextOf(type)}\" is required, but it was not provided.");
        }
    }

    private void CheckDirectives(RegoObject owner, string location)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directive in owner.Children("Directives"))
        {
            _budget.Step();
            var name = directive.Text("Name");
            if (!_schema.Directives.TryGetValue(name, out var definition))
                Fail(directive, $"Unknown directive \"@{name}\".");
            else if (!definition.Texts("Locations").Contains(location))
                Fail(directive, $"Directive \"@{name}\" may not be used on {location}.");
            if (!names.Add(name) && definition?.Flag("IsRepeatable") != true)
                Fail(directive, $"The directive \"@{name}\" can only be used once at this location.");
            CheckArguments(directive, definition, $"directive \"@{name}\"", $"Directive \"@{name}\"");
        }
    }

    private void Fail(RegoObject node, string message)
    {
        if (_error is not null)
            return;
        message = message.TrimEnd('.');
        _error = _places is not null && _places.TryGetValue(node, out var place) ? $"{message} in GraphQL string at location {place.Line}:{place.Column}" : message;
    }
}
