using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>Terms as OPA writes them in JSON: <c>{"type": "number", "value": 1}</c>.</summary>
internal static class TermJson
{
    public static RegoObject Of(Term term) => term switch
    {
        ScalarTerm scalar => Typed(TermNames.Of(scalar), scalar.Value),
        VarTerm { Name: "input" or "data" } root => Typed("ref", Array([Typed("var", new RegoString(root.Name))])),
        VarTerm name => Typed("var", new RegoString(name.Name)),
        RefTerm reference => Typed("ref", Path(reference)),
        CallTerm call => Typed("call", Array([Operator(call), .. call.Arguments.Select(Of)])),
        ArrayTerm array => Typed("array", Array(array.Items.Select(Of))),
        SetTerm set => Typed("set", Array(set.Items.Select(Of))),
        ObjectTerm map => Typed("object", Array(map.Members.Select(static member => Array([Of(member.Key), Of(member.Value)])))),
        ArrayComprehension array => Typed("arraycomprehension", Members(("term", Of(array.Head)), ("body", ModuleJson.BodyOf(array.Body)))),
        SetComprehension set => Typed("setcomprehension", Members(("term", Of(set.Head)), ("body", ModuleJson.BodyOf(set.Body)))),
        ObjectComprehension map => Typed(
            "objectcomprehension", Members(("key", Of(map.Key)), ("value", Of(map.Value)), ("body", ModuleJson.BodyOf(map.Body)))),
        TemplateTerm template => Typed("templatestring", Members(
            ("parts", Array(template.Parts.Select(Part))), ("multi_line", RegoBoolean.Of(template.IsRaw)))),
        _ => throw new InvalidOperationException($"no JSON for {term.GetType().Name}"),
    };

    /// <summary>The head and operands of a reference.</summary>
    public static RegoArray Path(RefTerm reference)
    {
        var head = reference.Head is VarTerm name ? Typed("var", new RegoString(name.Name)) : Of(reference.Head);
        return Array([head, .. reference.Operands.Select(Of)]);
    }

    public static RegoObject Operator(CallTerm call) => Typed("ref", Path(call.Operator));

    public static RegoObject Typed(string type, RegoValue value) => Members(("type", new RegoString(type)), ("value", value));

    public static RegoObject Members(params ReadOnlySpan<(string Name, RegoValue Value)> members)
    {
        var json = new RegoObjectBuilder();
        foreach (var (name, value) in members)
            json.Set(name, value);
        return json.ToObject();
    }

    public static RegoArray Array(IEnumerable<RegoValue> items) => RegoArray.Adopt([.. items]);

    private static RegoObject Part(Term part) =>
        part is ScalarTerm { Value: RegoString } ? Of(part) : ExpressionJson.Of(new TermExpression(part, part.Location), 0);
}
