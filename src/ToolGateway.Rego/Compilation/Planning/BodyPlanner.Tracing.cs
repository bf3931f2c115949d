using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Tracing;

namespace ToolGateway.Rego.Compilation.Planning;

internal sealed partial class BodyPlanner
{
    /// <summary>Plans a whole rule body, with what a trace shows of the rule around it.</summary>
    /// <param name="isQuery">The variables are the result, so each has to have its slot.</param>
    public Node PlanRule(Rule rule, Func<Node> sink, bool isQuery = false)
    {
        var (body, location) = (rule.Body, rule.Location);
        if (!policy.IsTraced)
        {
            _uses = isQuery ? null : new SingleUses(rule);
            var plain = new Chain();
            PlanBody(body, plain, rule);
            plain.Append(sink());
            return plain.First!;
        }

        var state = NewState();
        var chain = new Chain();
        chain.Append(new TraceRuleNode(new TraceSite(location, []), state));
        PlanBody(body, chain);
        chain.Append(new TraceExitNode(new TraceSite(location, []), state));
        chain.Append(sink());
        return chain.First!;
    }

    private void PlanTraced(IReadOnlyList<Expression> body, int at, Chain chain)
    {
        var expression = body[at];
        var state = NewState();
        var peeked = Peeked(expression);
        var site = new TraceSite(expression.Location, [.. Traced(body, at), .. peeked.Select(static peek => peek.Variable)]);
        chain.Append(new TraceEvalNode(site, state));
        foreach (var (variable, value) in peeked)
            chain.Append(new TracePeekNode(variable.Slot, value));
        PlanUntraced(expression, chain);
        chain.Append(new TraceReachedNode(site, state));
    }

    /// <summary>The references that an equation compares, which no variable stands for.</summary>
    private List<(TracedVariable Variable, ValueExpression Value)> Peeked(Expression expression)
    {
        var peeked = new List<(TracedVariable, ValueExpression)>();
        if (expression.With.Count > 0 || !TermFacts.IsCall(expression, "eq", out var call))
            return peeked;
        foreach (var side in call.Arguments)
        {
            if (side is RefTerm && IsBound(side) && side.Location.Text.Length > 0)
                peeked.Add((new TracedVariable(side.Location.Text, TemporarySlot()), PlanValue(side)));
        }

        return peeked;
    }

    /// <summary>Variables of an expression and of what was taken out of it, by name or by the text that they stand for.</summary>
    private List<TracedVariable> Traced(IReadOnlyList<Expression> body, int at)
    {
        var first = at;
        while (first > 0 && IsPart(body[first - 1].Location, body[at].Location))
            first--;
        var places = new Dictionary<string, VarTerm>(StringComparer.Ordinal);
        for (var i = at; i >= first; i--)
            VariableSets.Of(body[i], places);
        for (var i = first; i < at; i++)
        {
            if (TermFacts.IsCall(body[i], "eq", out var call) && call.Arguments is [VarTerm { Name: var name }, var value] && LocalNames.IsGenerated(name) && TermFacts.TryConstant(value, out _))
                places.Remove(name);
        }

        var variables = new List<TracedVariable>();
        foreach (var (name, variable) in places.OrderBy(static place => place.Value.Location.Offset))
        {
            if (variable.IsWildcard)
                continue;
            var shown = LocalNames.IsGenerated(name) ? variable.Location.Text : LocalNames.Original(name);
            if (shown.Length > 0)
                variables.Add(new TracedVariable(shown, SlotOf(name)));
        }

        return variables;
    }

    private static bool IsPart(Text.SourceLocation inner, Text.SourceLocation outer) =>
        inner.File == outer.File && inner.Offset >= outer.Offset && inner.Offset + inner.Text.Length <= outer.Offset + outer.Text.Length;
}
