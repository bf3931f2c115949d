using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Compilation;

/// <summary>How a name came into a scope.</summary>
internal enum NameOrigin
{
    Seen,
    Argument,
    Declared,
    Assigned,
}

/// <summary>Names of one body: those declared so far, those that its statements will declare, and those used before.</summary>
internal sealed class NameScope
{
    private readonly Dictionary<string, (string Local, NameOrigin Origin, SourceLocation Location)> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Names that some statement of the body declares: they do not mean rules or imports anywhere in it.</summary>
    public HashSet<string> Ahead { get; } = new(StringComparer.Ordinal);

    public bool TryGet(string name, out string local)
    {
        var found = _names.TryGetValue(name, out var entry) && entry.Origin != NameOrigin.Seen;
        local = entry.Local;
        return found;
    }

    public void MarkSeen(string name) => _names.TryAdd(name, (name, NameOrigin.Seen, SourceLocation.None));

    public void MarkUsed(string name) => _used.Add(name);

    /// <summary>Declares a name; what is wrong with that comes back as text.</summary>
    public string? Declare(string name, string local, NameOrigin origin, SourceLocation location)
    {
        if (_names.TryGetValue(name, out var entry))
        {
            return entry.Origin switch
            {
                NameOrigin.Seen => $"var {name} referenced above",
                NameOrigin.Argument => $"arg {name} redeclared",
                NameOrigin.Declared => $"var {name} declared above",
                _ => $"var {name} assigned above",
            };
        }

        _names.Add(name, (local, origin, location));
        return null;
    }

    public IEnumerable<(string Name, SourceLocation Location)> Unused(NameOrigin origin) =>
        _names.Where(entry => entry.Value.Origin == origin && !_used.Contains(entry.Key)).Select(entry => (entry.Key, entry.Value.Location));
}
