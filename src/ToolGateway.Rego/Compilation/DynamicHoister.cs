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
                var (left, right) = (Side(call.Arguments[0], with, output), Side(call.Arguments[1], with, output));
                return ReferenceEquals(left, call.Arguments[0]) && ReferenceEquals(right, call.Arguments[1])
                    ? term
                    : term with { Term = call with { Arguments = [left, right] } };
            case TermExpression { Term: CallTerm call } term:
                var arguments = HoistAll(call.Arguments, with, output);
                return ReferenceEquals(arguments, call.Arguments) ? term : term with { Term = call with { Arguments = arguments } };
            case TermExpression term:
                var side = Side(term.Term, with, output);
                return ReferenceEquals(side, term.Term) ? term : term with { Term = side };
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
        RefTerm reference => HoistAll(reference.Operands, with, output) is var operands && ReferenceEquals(operands, reference.Operands)
            ? reference
            : reference with { Operands = operands },
        ArrayComprehension or SetComprehension or ObjectComprehension => HoistWithin(term),
        _ => HoistOne(term, with, output),
    };

    private IReadOnlyList<Term> HoistAll(IReadOnlyList<Term> terms, IReadOnlyList<WithModifier> with, List<Expression> output)
    {
        Term[]? copy = null;
        for (var i = 0; i < terms.Count; i++)
        {
            var hoisted = HoistOne(terms[i], with, output);
            if (copy is null && !ReferenceEquals(hoisted, terms[i]))
                copy = [.. terms];
            if (copy is not null)
                copy[i] = hoisted;
        }

        return copy ?? terms;
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
                return HoistAll(array.Items, with, output) is var items && ReferenceEquals(items, array.Items) ? array : array with { Items = items };
            case SetTerm set:
                return HoistAll(set.Items, with, output) is var elements && ReferenceEquals(elements, set.Items) ? set : set with { Items = elements };
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
