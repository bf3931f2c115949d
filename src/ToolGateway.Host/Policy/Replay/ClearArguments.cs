using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy.Replay;

/// <summary>The arguments of a call, as far as the record holds them: those that <c>audit_arguments</c> named, by their pointers.</summary>
internal sealed class ClearArguments
{
    private readonly Node _root = new();

    public ClearArguments(RegoObject? recorded)
    {
        foreach (var (pointer, value) in recorded ?? RegoObject.Empty)
            Add(((RegoString)pointer).Value, value);
    }

    public RegoObject ToObject(string path, bool isMcp, MissingFacts missing)
    {
        // What the path and query of an MCP endpoint hold is no argument.
        var arguments = new Facts(path, missing);
        if (isMcp)
            arguments.Hold("path", RegoObject.Empty).Hold("query", RegoObject.Empty);
        foreach (var name in isMcp ? ["body", "headers"] : new[] { "path", "query", "body", "headers" })
        {
            if (_root.Children.TryGetValue(name, out var node) && node.Build($"{path}.{name}", missing) is { } value)
                arguments.Hold(name, value);
            else
                arguments.Miss(name);
        }

        return arguments.ToObject();
    }

    private void Add(string pointer, RegoValue value)
    {
        var node = _root;
        foreach (var segment in pointer.Split('/').Skip(1))
        {
            var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (!node.Children.TryGetValue(name, out var child))
                node.Children[name] = child = new Node();
            node = child;
        }

        node.Value = value;
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public RegoValue? Value { get; set; }

        /// <summary>The value, or an object with the parts of it that are held; null when not even that is known.</summary>
        public RegoValue? Build(string path, MissingFacts missing)
        {
            // A pointer's number may be an index: then this is an array, of which one element says nothing.
            if (Value is not null || Children.Count == 0 || Children.Keys.Any(name => name.All(char.IsAsciiDigit)))
                return Value;
            var facts = new Facts(path, missing, isOpen: true);
            foreach (var (name, child) in Children)
            {
                if (child.Build($"{path}.{name}", missing) is { } value)
                    facts.Hold(name, value);
            }

            return facts.ToObject();
        }
    }
}
