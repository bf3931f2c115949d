using System.Collections.Frozen;
using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Routes;

/// <summary>Grows the tree of a tool's paths from its templates.</summary>
internal sealed class RouteTreeBuilder
{
    private readonly Branch _root = new("");

    /// <summary>Adds an action. Otherwise: the name of the action, or the segment, that it cannot be told from.</summary>
    public string? Add(ToolAction action, PathTemplate template)
    {
        var branch = _root;
        var parameters = new List<RegoString>();
        foreach (var segment in template.Segments)
        {
            if (segment.Parameter is { } parameter)
            {
                parameters.Add(new RegoString(parameter));
                branch = branch.Parameter ??= new Branch("");
                continue;
            }

            if (!branch.Literals.TryGetValue(segment.Literal!, out var next))
                branch.Literals.Add(segment.Literal!, next = new Branch(segment.Literal!));
            else if (next.Text != segment.Literal)
                return $"segment '{next.Text}', which differs from '{segment.Literal}' only in case";
            branch = next;
        }

        if (branch.Actions.Find(other => other.Action.Method == action.Method) is { } same)
            return $"action '{same.Action.Name}', which has the same method and a path that matches equally";
        branch.Actions.Add(new RoutedAction(action, parameters));
        return null;
    }

    public ActionRoutes Build() => new(_root.Freeze());

    private sealed class Branch(string text)
    {
        public string Text { get; } = text;

        public Dictionary<string, Branch> Literals { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Branch? Parameter { get; set; }

        public List<RoutedAction> Actions { get; } = [];

        public RouteNode Freeze() => new(
            Text, Literals.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Freeze(), StringComparer.OrdinalIgnoreCase), Parameter?.Freeze(), Actions);
    }
}
