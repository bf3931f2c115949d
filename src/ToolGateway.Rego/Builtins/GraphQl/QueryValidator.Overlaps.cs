using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Fields that answer under the same name must be the same field, or at least of the same shape where they can never both apply.</summary>
internal sealed partial class QueryValidator
{
    private void CheckOverlaps(RegoObject owner, TypeDefinition? parent)
    {
        var fields = new List<Selected>();
        Collect(owner, parent, fields, new HashSet<string>(StringComparer.Ordinal));
        CheckPairs(fields, exclusive: false);
    }

    private void Collect(RegoObject owner, TypeDefinition? parent, List<Selected> fields, HashSet<string> visited)
    {
        _budget.Enter();
        foreach (var selection in owner.Children("SelectionSet"))
        {
            _budget.Step();
            if (selection.Has("Alias"))
            {
                fields.Add(new Selected(selection, parent, parent?.Field(selection.Text("Name"))));
            }
            else if (selection.Has("TypeCondition") || selection.Has("SelectionSet"))
            {
                var condition = selection.Text("TypeCondition");
                Collect(selection, condition.Length == 0 ? parent : _schema.Find(condition), fields, visited);
            }
            else if (visited.Add(selection.Text("Name")) && _fragments.TryGetValue(selection.Text("Name"), out var fragment))
            {
                Collect(fragment, _schema.Find(fragment.Text("TypeCondition")), fields, visited);
            }
        }

        _budget.Leave();
    }

    private void CheckPairs(List<Selected> fields, bool exclusive)
    {
        _budget.Enter();
        foreach (var group in fields.GroupBy(field => field.Node.Text("Alias"), StringComparer.Ordinal))
        {
            var same = group.ToList();
            for (var i = 0; i < same.Count && _error is null; i++)
            {
                for (var j = i + 1; j < same.Count && _error is null; j++)
                {
                    _budget.Step();
                    CheckPair(same[i], same[j], exclusive);
                }
            }

            // Each field's own selections, then those of all together.
            var inner = new List<Selected>();
            foreach (var field in same.Where(field => field.Node.Has("SelectionSet")))
                Collect(field.Node, TypeOf(field), inner, new HashSet<string>(StringComparer.Ordinal));
            if (inner.Count > 1 && _error is null)
                CheckPairs(inner, exclusive);
        }

        _budget.Leave();
    }

    private void CheckPair(Selected a, Selected b, bool exclusive)
    {
        var alias = a.Node.Text("Alias");
        var apart = exclusive || (a.Parent is { Kind: "OBJECT" } x && b.Parent is { Kind: "OBJECT" } y && x.Name != y.Name);
        var hint = "Use different aliases on the fields to fetch both if this was intentional.";
        if (!apart && a.Node.Text("Name") != b.Node.Text("Name"))
            Fail(a.Node, $"Fields \"{alias}\" conflict because \"{a.Node.Text("Name")}\" and \"{b.Node.Text("Name")}\" are different fields. {hint}");
        else if (!apart && !SameArguments(a.Node, b.Node))
            Fail(a.Node, $"Fields \"{alias}\" conflict because they have differing arguments. {hint}");
        else if (a.Definition?.Child("Type") is { } left && b.Definition?.Child("Type") is { } right && !SameShape(left, right))
            Fail(a.Node, $"Fields \"{alias}\" conflict because they return conflicting types \"{Schema.TextOf(left)}\" and \"{Schema.TextOf(right)}\". {hint}");
    }

    private static bool SameArguments(RegoObject a, RegoObject b)
    {
        var left = a.Children("Arguments").ToList();
        var right = b.Children("Arguments").ToList();
        return left.Count == right.Count && left.TrueForAll(argument =>
            right.Find(other => other.Text("Name") == argument.Text("Name")) is { } other && Equals(argument.Child("Value"), other.Child("Value")));
    }

    private bool SameShape(RegoObject a, RegoObject b)
    {
        if (a.Flag("NonNull") != b.Flag("NonNull") || a.Has("Elem") != b.Has("Elem"))
            return false;
        if (a.Child("Elem") is { } left && b.Child("Elem") is { } right)
            return SameShape(left, right);
        var (x, y) = (_schema.Find(a.Text("NamedType")), _schema.Find(b.Text("NamedType")));
        return (x is not { IsLeaf: true } && y is not { IsLeaf: true }) || a.Text("NamedType") == b.Text("NamedType");
    }

    private TypeDefinition? TypeOf(Selected field) => field.Definition?.Child("Type") is { } type ? _schema.Find(Schema.NameOf(type)) : null;

    /// <summary>A field, where it is selected and how it is defined there.</summary>
    private sealed record Selected(RegoObject Node, TypeDefinition? Parent, RegoObject? Definition);
}
