using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Syntax trees are the JSON that OPA shows of them: members that would be null or empty collections are left out.</summary>
internal static class Node
{
    public static RegoObject Make(params ReadOnlySpan<(string Name, RegoValue? Value)> members)
    {
        var result = new RegoObjectBuilder();
        foreach (var (name, value) in members)
        {
            if (value is not (null or RegoNull or RegoArray { Count: 0 } or RegoObject { Count: 0 }))
                result.Set(name, value);
        }

        return result.ToObject();
    }

    public static RegoString Text(string text) => new(text);

    public static RegoArray List(List<RegoValue> items) => RegoArray.From(items);

    public static string Text(this RegoObject node, string name) => node.TryGetValue(name, out var value) && value is RegoString text ? text.Value : "";

    public static bool Flag(this RegoObject node, string name) => node.TryGetValue(name, out var value) && value.Equals(RegoBoolean.True);

    public static RegoObject? Child(this RegoObject node, string name) => node.TryGetValue(name, out var value) ? value as RegoObject : null;

    public static IEnumerable<RegoObject> Children(this RegoObject node, string name) =>
        node.TryGetValue(name, out var value) && value is RegoArray items ? items.OfType<RegoObject>() : [];

    public static IEnumerable<string> Texts(this RegoObject node, string name) =>
        node.TryGetValue(name, out var value) && value is RegoArray items ? items.OfType<RegoString>().Select(item => item.Value) : [];

    public static RegoObject? Named(this RegoObject node, string list, string name) => node.Children(list).FirstOrDefault(item => item.Text("Name") == name);

    public static bool Has(this RegoObject node, string name) => node.TryGetValue(name, out _);
}

/// <summary>What a value in a query or schema is; the numbers are those of OPA's syntax trees.</summary>
internal enum ValueKind
{
    Variable,
    Int,
    Float,
    String,
    Block,
    Boolean,
    Null,
    Enum,
    List,
    Object,
}
