namespace ToolGateway.Enforcement.Redaction;

/// <summary>JSON pointers as a tree; a whole segment <c>*</c> is every element or member.</summary>
internal sealed class PointerTree
{
    private readonly Dictionary<string, PointerTree> _children = new(StringComparer.Ordinal);
    private PointerTree? _every;

    /// <summary>Whether a pointer ends here: the value is redacted whole.</summary>
    public bool IsEnd { get; private set; }

    public static PointerTree Of(IReadOnlyList<string> pointers)
    {
        var root = new PointerTree();
        foreach (var pointer in pointers)
        {
            var node = root;
            if (pointer.Length > 0)
            {
                foreach (var segment in pointer[1..].Split('/'))
                    node = node.Child(segment);
            }

            node.IsEnd = true;
        }

        return root;
    }

    /// <summary>Adds the nodes below that apply to a member or element.</summary>
    public void Select(string name, List<PointerTree> into)
    {
        if (_children.TryGetValue(name, out var child))
            into.Add(child);
        if (_every is not null)
            into.Add(_every);
    }

    private PointerTree Child(string segment)
    {
        if (segment == "*")
            return _every ??= new PointerTree();
        var name = segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        if (!_children.TryGetValue(name, out var child))
            _children.Add(name, child = new PointerTree());
        return child;
    }
}
