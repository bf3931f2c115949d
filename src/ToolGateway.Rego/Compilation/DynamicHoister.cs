using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Works for the pass <see cref="Passes.HoistDynamics"/>.</summary>
internal sealed class DynamicHoister(RuleUnit unit)
{
    public Rule HoistRule(Rule rule) => rule with
    {
        Body = Hoist(rule.Body),
        Else = rule.Else is null ? null : HoistRule(rule.Else),
    };

    private Body Hoist(Body body)
    {
        var output = new List<Expression>(body.Expressions.Count);
        foreach (var expression in body.Expressions)
            output.Add(Hoist(expression, expression.With, output));
        return body with { Expressions = output };
    }

    private Expression Hoist(Expression expression, IReadOnlyList<WithModifier> with, List<Expression> output)
    {
        switch (expression)
        {
            case TermExpression { Term: CallTerm call } term when TermFacts.IsCall(term, "eq", out _):
                return term with { Term = call with { Arguments = [Side(call.Arguments[0], with, output), Side(call.Arguments[1], with, output)] } };
            case TermExpression { Term: CallTerm call } term:
                return term with { Term = call with { Arguments = HoistAll(call.Arguments, with, output) } };
            case TermExpression term:
                return term with { Term = Side(term.Term, with, output) };
            case NotExpression { IsScoped: false, Body.Expressions: [var negated] } not:
                return not with { Body = not.Body with { Expressions = [Hoist(negated, [.. negated.With, .. with], output)] } };
            case NotExpression not:
                return not with { Body = Hoist(not.Body) };
            case EveryExpression every:
                return every with { Collection = HoistOne(every.Collection, with, output), Body = Hoist(every.Body) };
            case LogicExpression logic:
                return logic with { Left = Hoist(logic.Left), Right = Hoist(logic.Right) };
            default:
                return expression;
        }
    }

    /// <summary>A side of an equation or a term that stands alone: it may be a reference or a comprehension itself.</summary>
    private Term Side(Term term, IReadOnlyList<WithModifier> with, List<Expression> output) => term switch
    {
        RefTerm reference => reference with { Operands = HoistAll(reference.Operands, with, output) },
        ArrayComprehension or SetComprehension or ObjectComprehension => HoistWithin(term),
        _ => HoistOne(term, with, output),
    };

    private Term[] HoistAll(IReadOnlyList<Term> terms, IReadOnlyList<WithModifier> with, List<Expression> output)
    {
        var result = new Term[terms.Count];
        for (var i = 0; i < result.Length; i++)
            result[i] = HoistOne(terms[i], with, output);
        return result;
    }

    private Term HoistOne(Term term, IReadOnlyList<WithModifier> with, List<Expression> output)
    {
        switch (term)
        {
            case RefTerm or ArrayComprehension or SetComprehension or ObjectComprehension:
                var value = Side(term, with, output);
                var variable = unit.Fresh(term.Location);
                output.Add(TermFacts.Unify(variable, value, term.Location) with { With = with });
                return variable;
            case ArrayTerm array:
                return array with { Items = HoistAll(array.Items, with, output) };
            case SetTerm set:
                return set with { Items = HoistAll(set.Items, with, output) };
            case ObjectTerm map:
                var members = new List<ObjectTermMember>(map.Members.Count);
                foreach (var (key, member) in map.Members)
                    members.Add(new ObjectTermMember(HoistOne(key, with, output), HoistOne(member, with, output)));
                return map with { Members = members };
            default:
                return term;
        }
    }

    private Term HoistWithin(Term term) => term switch
    {
        ArrayComprehension array => array with { Body = Hoist(array.Body) },
        SetComprehension set => set with { Body = Hoist(set.Body) },
        ObjectComprehension map => map with { Body = Hoist(map.Body) },
        _ => term,
    };
}
