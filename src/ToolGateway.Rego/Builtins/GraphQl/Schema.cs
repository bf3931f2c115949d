using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>A type with what its extensions add.</summary>
internal sealed class TypeDefinition(string name, string kind, bool builtIn)
{
    public string Name { get; } = name;

    public string Kind { get; } = kind;

    public bool BuiltIn { get; } = builtIn;

    public List<RegoObject> Directives { get; } = [];

    public List<RegoObject> Fields { get; } = [];

    public List<string> Interfaces { get; } = [];

    public List<string> Members { get; } = [];

    public List<RegoObject> Values { get; } = [];

    public bool IsInput => Kind is "SCALAR" or "ENUM" or "INPUT_OBJECT";

    public bool IsComposite => Kind is "OBJECT" or "INTERFACE" or "UNION";

    public bool IsLeaf => Kind is "SCALAR" or "ENUM";

    public RegoObject? Field(string name) => Fields.Find(field => field.Text("Name") == name);

    public void Add(RegoObject definition)
    {
        Directives.AddRange(definition.Children("Directives"));
        Fields.AddRange(definition.Children("Fields"));
        Interfaces.AddRange(definition.Texts("Interfaces"));
        Members.AddRange(definition.Texts("Types"));
        Values.AddRange(definition.Children("EnumValues"));
    }
}

/// <summary>A valid type system.</summary>
internal sealed class Schema
{
    private readonly Dictionary<string, HashSet<string>> _possible = new(StringComparer.Ordinal);

    public SortedDictionary<string, TypeDefinition> Types { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, RegoObject> Directives { get; } = new(StringComparer.Ordinal);

    /// <summary>Root types by operation.</summary>
    public Dictionary<string, TypeDefinition> Roots { get; } = new(StringComparer.Ordinal);

    public TypeDefinition? Find(string name) => Types.GetValueOrDefault(name);

    /// <summary>Names of the types whose objects may stand for <paramref name="type"/>.</summary>
    public IReadOnlySet<string> PossibleTypes(string type) => _possible.TryGetValue(type, out var found) ? found : new HashSet<string>();

    public void AddPossible(string type, string possible)
    {
        if (!_possible.TryGetValue(type, out var found))
            _possible[type] = found = new(StringComparer.Ordinal);
        found.Add(possible);
    }

    /// <summary>The name at the core of a type reference.</summary>
    public static string NameOf(RegoObject type)
    {
        while (type.Child("Elem") is { } element)
            type = element;
        return type.Text("NamedType");
    }

    public static string TextOf(RegoObject type)
    {
        var text = type.Child("Elem") is { } element ? $"[{TextOf(element)}]" : type.Text("NamedType");
        return type.Flag("NonNull") ? text + "!" : text;
    }

    /// <summary>Whether a value of type <paramref name="actual"/> fits where <paramref name="expected"/> is wanted; nullability counts.</summary>
    public static bool Fits(RegoObject actual, RegoObject expected)
    {
        if (expected.Flag("NonNull") && !actual.Flag("NonNull"))
            return false;
        return (actual.Child("Elem"), expected.Child("Elem")) switch
        {
            (null, null) => actual.Text("NamedType") == expected.Text("NamedType"),
            ({ } inner, { } outer) => Fits(inner, outer),
            _ => false,
        };
    }
}
