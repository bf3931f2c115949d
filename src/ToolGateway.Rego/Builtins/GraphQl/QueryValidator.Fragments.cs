using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Fragments and where they are spread.</summary>
internal sealed partial class QueryValidator
{
    private void CheckFragment(RegoObject fragment)
    {
        var condition = fragment.Text("TypeCondition");
        var type = _schema.Find(condition);
        if (type is null)
            Fail(fragment, $"Unknown type \"{condition}\".");
        else if (!type.IsComposite)
            Fail(fragment, $"Fragment \"{fragment.Text("Name")}\" cannot condition on non composite type \"{condition}\".");
        CheckDirectives(fragment, "FRAGMENT_DEFINITION");
        CheckSelections(fragment, type);
        if (_error is null)
            CheckOverlaps(fragment, type);
    }

    private void CheckInlineFragment(RegoObject fragment, TypeDefinition? parent)
    {
        var condition = fragment.Text("TypeCondition");
        var type = condition.Length == 0 ? parent : _schema.Find(condition);
        if (condition.Length > 0)
        {
            if (type is null)
                Fail(fragment, $"Unknown type \"{condition}\".");
            else if (!type.IsComposite)
                Fail(fragment, $"Fragment cannot condition on non composite type \"{condition}\".");
            else if (parent is not null && !Overlap(parent, type))
                Fail(fragment, $"Fragment cannot be spread here as objects of type \"{parent.Name}\" can never be of type \"{condition}\".");
        }

        CheckDirectives(fragment, "INLINE_FRAGMENT");
        CheckSelections(fragment, type);
    }

    private void CheckSpread(RegoObject spread, TypeDefinition? parent)
    {
        var name = spread.Text("Name");
        CheckDirectives(spread, "FRAGMENT_SPREAD");
        if (!_fragments.TryGetValue(name, out var fragment))
        {
            Fail(spread, $"Unknown fragment \"{name}\".");
            return;
        }

        // What only unused fragments spread counts as unused too.
        if (_visited is not null)
            _usedFragments.Add(name);
        var type = _schema.Find(fragment.Text("TypeCondition"));
        if (parent is not null && type is { IsComposite: true } && !Overlap(parent, type))
            Fail(spread, $"Fragment \"{name}\" cannot be spread here as objects of type \"{parent.Name}\" can never be of type \"{type.Name}\".");
        // Within an operation a fragment is followed once, for the variables it uses.
        if (_visited is not null && _visited.Add(name))
            CheckSelections(fragment, type);
    }

    private bool Overlap(TypeDefinition a, TypeDefinition b) =>
        !a.IsComposite || a.Name == b.Name || Objects(a).Overlaps(Objects(b));

    private IReadOnlySet<string> Objects(TypeDefinition type) => _schema.PossibleTypes(type.Name);

    private void CheckCycle(RegoObject fragment)
    {
        var name = fragment.Text("Name");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<RegoObject>([fragment]);
        while (pending.TryPop(out var node))
        {
            foreach (var selection in node.Children("SelectionSet"))
            {
                _budget.Step();
                if (selection.Has("Alias") || selection.Has("TypeCondition") || selection.Has("SelectionSet"))
                {
                    pending.Push(selection);
                    continue;
                }

                var target = selection.Text("Name");
                if (target == name)
                    Fail(selection, $"Cannot spread fragment \"{name}\" within itself.");
                else if (seen.Add(target) && _fragments.TryGetValue(target, out var next))
                    pending.Push(next);
            }
        }
    }

    private void CheckSubscription(RegoObject operation)
    {
        var title = operation.Text("Name") is { Length: > 0 } name ? $"Subscription \"{name}\"" : "Anonymous Subscription";
        var fields = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<RegoObject>([operation]);
        while (pending.TryPop(out var node))
        {
            foreach (var selection in node.Children("SelectionSet"))
            {
                _budget.Step();
                if (selection.Has("Alias"))
                {
                    fields.Add(selection.Text("Alias"));
                    if (selection.Text("Name").StartsWith("__", StringComparison.Ordinal))
                        Fail(selection, $"{title} must not select an introspection top level field.");
                }
                else if (selection.Has("TypeCondition") || selection.Has("SelectionSet"))
                {
                    pending.Push(selection);
                }
                else if (seen.Add(selection.Text("Name")) && _fragments.TryGetValue(selection.Text("Name"), out var fragment))
                {
                    pending.Push(fragment);
                }
            }
        }

        if (fields.Count > 1)
            Fail(operation, $"{title} must select only one top level field.");
    }
}
