using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>Expressions as OPA writes them in JSON: <c>{"index": 0, "terms": …}</c>.</summary>
internal static class ExpressionJson
{
    public static RegoObject Of(Expression expression, int index)
    {
        var json = new RegoObjectBuilder();
        var plain = expression;
        if (expression is NotExpression { Body.Expressions: [var negated], IsScoped: false })
        {
            json.Set("negated", RegoBoolean.True);
            plain = negated;
        }

        json.Set("index", RegoNumber.Of(index));
        json.Set("terms", Terms(plain));
        if (expression.With.Count > 0)
            json.Set("with", TermJson.Array(expression.With.Select(With)));
        return json.ToObject();
    }

    private static RegoObject With(WithModifier with) => TermJson.Members(("target", TermJson.Of(with.Target)), ("value", TermJson.Of(with.Value)));

    private static RegoValue Terms(Expression expression) => expression switch
    {
        TermExpression { Term: CallTerm call } => TermJson.Array([TermJson.Operator(call), .. call.Arguments.Select(TermJson.Of)]),
        TermExpression term => TermJson.Of(term.Term),
        SomeDeclaration some => TermJson.Members(("symbols", TermJson.Array(some.Names.Select(TermJson.Of)))),
        SomeInExpression some => TermJson.Members(("symbols", TermJson.Array([Membership(some)]))),
        EveryExpression every => TermJson.Members(
            ("body", ModuleJson.BodyOf(every.Body)),
            ("domain", TermJson.Of(every.Collection)),
            ("key", every.Key is null ? RegoNull.Value : TermJson.Of(every.Key)),
            ("value", TermJson.Of(every.Value))),
        NotExpression not => TermJson.Members(("type", new RegoString("not")), ("body", ModuleJson.BodyOf(not.Body))),
        LogicExpression logic => TermJson.Members(
            ("type", new RegoString(logic.IsOr ? "or" : "and")), ("lhs", ModuleJson.BodyOf(logic.Left)), ("rhs", ModuleJson.BodyOf(logic.Right))),
        _ => throw new InvalidOperationException($"no JSON for {expression.GetType().Name}"),
    };

    private static RegoObject Membership(SomeInExpression some)
    {
        Term[] arguments = some.Key is null ? [some.Value, some.Collection] : [some.Key, some.Value, some.Collection];
        var name = new ScalarTerm(new RegoString($"member_{arguments.Length}"), some.Location);
        var operation = new RefTerm(new VarTerm("internal", some.Location), [name], some.Location);
        return TermJson.Of(new CallTerm(operation, arguments, some.Location));
    }
}
