using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>What the engine can do, in the format of OPA's capabilities files.</summary>
public static class RegoCapabilities
{
    /// <summary>The built-ins with their types, the keywords to import and the features, as JSON.</summary>
    public static string ToJson() => Of(
        ("builtins", RegoArray.From(BuiltinRegistry.All.Values.OrderBy(builtin => builtin.Name, StringComparer.Ordinal).Select(Describe))),
        ("future_keywords", Texts("and", "not", "or")),
        ("features", Texts("keywords_in_refs", "rego_v1", "template_strings")),
        ("allow_net", RegoArray.Empty)).ToJson();

    private static RegoObject Describe(Builtin builtin)
    {
        var members = new List<(string, RegoValue)>
        {
            ("name", Text(builtin.Name)),
            ("decl", DescribeFunction(builtin)),
        };
        if (builtin.Infix is { } infix)
            members.Add(("infix", Text(infix)));
        foreach (var trait in new[] { BuiltinTraits.Nondeterministic, BuiltinTraits.Deprecated, BuiltinTraits.Relation })
        {
            if (builtin.Traits.HasFlag(trait))
                members.Add((trait.ToString().ToLowerInvariant(), RegoBoolean.True));
        }

        return Of([.. members]);
    }

    // Printing gives nothing, and print itself takes anything: OPA shows both by what it leaves out.
    private static RegoObject DescribeFunction(Builtin builtin) => builtin.Name switch
    {
        "print" => Of(("type", Text("function")), ("variadic", Describe(RegoType.Any))),
        "internal.print" or "internal.test_case" => Of(("type", Text("function")), ("args", Types(builtin.Arguments))),
        _ when builtin.Arguments.Count == 0 => Of(("type", Text("function")), ("result", Describe(builtin.Result))),
        _ => Of(("type", Text("function")), ("args", Types(builtin.Arguments)), ("result", Describe(builtin.Result))),
    };

    private static RegoValue Describe(RegoType type) => type switch
    {
        ScalarType scalar => Of(("type", Text(scalar.Name))),
        ArrayType array => Of([("type", Text("array")), .. Optional("static", array.Static), .. Optional("dynamic", array.Dynamic)]),
        SetType set => Of(("type", Text("set")), ("of", Describe(set.Element))),
        ObjectType map => Of([("type", Text("object")), .. Members(map), .. Dynamic(map)]),
        UnionType union => Of(("type", Text("any")), ("of", Types(union.Members))),
        _ => Of(("type", Text("any"))),
    };

    private static (string, RegoValue)[] Members(ObjectType map) => map.Static.Count == 0
        ? []
        : [("static", RegoArray.From(map.Static.Select(member => Of(("key", member.Key), ("value", Describe(member.Value))))))];

    private static (string, RegoValue)[] Dynamic(ObjectType map) => map is { DynamicKey: { } key, DynamicValue: { } value }
        ? [("dynamic", Of(("key", Describe(key)), ("value", Describe(value))))]
        : [];

    private static (string, RegoValue)[] Optional(string name, IReadOnlyList<RegoType> types) => types.Count == 0 ? [] : [(name, Types(types))];

    private static (string, RegoValue)[] Optional(string name, RegoType? type) => type is null ? [] : [(name, Describe(type))];

    private static RegoArray Types(IEnumerable<RegoType> types) => RegoArray.From(types.Select(Describe));

    private static RegoArray Texts(params string[] texts) => RegoArray.From(texts.Select(Text));

    private static RegoValue Text(string text) => new RegoString(text);

    private static RegoObject Of(params ReadOnlySpan<(string Name, RegoValue Value)> members)
    {
        var builder = new RegoObjectBuilder();
        foreach (var (name, value) in members)
            builder.Set(name, value);
        return builder.ToObject();
    }
}
