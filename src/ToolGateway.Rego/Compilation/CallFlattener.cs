using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Works for the pass <see cref="Passes.FlattenCalls"/>.</summary>
internal sealed class CallFlattener(RuleUnit unit)
{
    public Rule FlattenRule(Rule rule)
    {
        var body = new List<Expression>();
        foreach (var expression in rule.Body.Expressions)
            Flatten(expression, body);
        var head = unit.IsQuery ? rule.Head : FlattenHead(rule.Head, body);
        return rule with
        {
            Head = head,
            Body = rule.Body with { Expressions = body },
            Else = rule.Else is null ? null : FlattenRule(rule.Else),
        };
    }

    private RuleHead FlattenHead(RuleHead head, List<Expression> body)
    {
        var operands = head.Reference.Operands;
        return head with
        {
            Arguments = head.Arguments is null ? null : [.. head.Arguments.Select(argument => Computed(argument, body))],
            Reference = head.Reference with { Operands = [.. operands.Select(operand => Computed(operand, body))] },
            Key = head.Key is null ? null : Computed(head.Key, body),
            Value = head.Value is null ? null : Computed(head.Value, body),
        };
    }

    /// <summary>A term that needs no evaluation and stands for <paramref name="term"/>.</summary>
    private Term Computed(Term term, List<Expression> body)
    {
        var flat = Flatten(term, body);
        if (!TermFacts.NeedsEvaluation(flat))
            return flat;
        var variable = unit.Fresh(term.Location);
        body.Add(TermFacts.Unify(variable, flat, term.Location));
        return variable;
    }

    private Body Flatten(Body body)
    {
        var expressions = new List<Expression>(body.Expressions.Count);
        foreach (var expression in body.Expressions)
            Flatten(expression, expressions);
        return body with { Expressions = expressions };
    }

    private void Flatten(Expression expression, List<Expression> output)
    {
        if (expression.With.Count == 0)
        {
            output.Add(FlattenOne(expression, output));
            return;
        }

        IReadOnlyList<WithModifier> with = [.. expression.With.Select(modifier => modifier with { Value = Computed(modifier.Value, output) })];
        var support = new List<Expression>();
        var flat = FlattenOne(expression, support);
        foreach (var extra in support)
            output.Add(extra with { With = [.. extra.With, .. with] });
        output.Add(flat with { With = with });
    }

    private Expression FlattenOne(Expression expression, List<Expression> support)
    {
        switch (expression)
        {
            case TermExpression { Term: CallTerm call } term:
                var arguments = Flatten(call.Arguments, support);
                return ReferenceEquals(arguments, call.Arguments) ? term : term with { Term = call with { Arguments = arguments } };
            case TermExpression term:
                var flat = Flatten(term.Term, support);
                return ReferenceEquals(flat, term.Term) ? term : term with { Term = flat };
            case NotExpression { IsScoped: false, Body.Expressions: [var negated] } not:
                Flatten(negated, support);
                var main = support[^1];
                support.RemoveAt(support.Count - 1);
                return not with { Body = not.Body with { Expressions = [main] } };
            case NotExpression not:
                return not with { Body = Flatten(not.Body) };
            case EveryExpression every:
                var domain = unit.Fresh(every.Collection.Location);
                support.Add(TermFacts.Unify(domain, Flatten(every.Collection, support), every.Collection.Location));
                return every with { Collection = domain, Body = Flatten(every.Body) };
            case LogicExpression logic:
                return logic with { Left = Flatten(logic.Left), Right = Flatten(logic.Right) };
            default:
                return expression;
        }
    }

    private IReadOnlyList<Term> Flatten(IReadOnlyList<Term> terms, List<Expression> support)
    {
        Term[]? copy = null;
        for (var i = 0; i < terms.Count; i++)
        {
            var flat = Flatten(terms[i], support);
            if (copy is null && !ReferenceEquals(flat, terms[i]))
                copy = [.. terms];
            if (copy is not null)
                copy[i] = flat;
        }

        return copy ?? terms;
    }

    private Term Flatten(Term term, List<Expression> support)
    {
        switch (term)
        {
            case CallTerm call:
                var arguments = Flatten(call.Arguments, support);
                var output = unit.Fresh(call.Location);
                support.Add(new TermExpression(call with { Arguments = [.. arguments, output], HasOutput = true }, call.Location));
                return output;
            case RefTerm reference:
                return FlattenReference(reference, support);
            case ArrayTerm array:
                return Flatten(array.Items, support) is var items && ReferenceEquals(items, array.Items) ? array : array with { Items = items };
            case SetTerm set:
                return Flatten(set.Items, support) is var elements && ReferenceEquals(elements, set.Items) ? set : set with { Items = elements };
            case ObjectTerm map:
                var members = new List<ObjectTermMember>(map.Members.Count);
                foreach (var (key, value) in map.Members)
                    members.Add(new ObjectTermMember(Flatten(key, support), Flatten(value, support)));
                return map with { Members = members };
            case ArrayComprehension array:
                return FlattenComprehension(array.Body, body => array with { Head = Computed(array.Head, body), Body = array.Body with { Expressions = body } });
            case SetComprehension set:
                return FlattenComprehension(set.Body, body => set with { Head = Computed(set.Head, body), Body = set.Body with { Expressions = body } });
            case ObjectComprehension map:
                return FlattenComprehension(map.Body, body => map with
                {
                    Key = Computed(map.Key, body),
                    Value = Computed(map.Value, body),
                    Body = map.Body with { Expressions = body },
                });
            default:
                return term;
        }
    }

    private Term FlattenComprehension(Body body, Func<List<Expression>, Term> finish)
    {
        var expressions = new List<Expression>(body.Expressions.Count + 1);
        foreach (var expression in body.Expressions)
            Flatten(expression, expressions);
        return finish(expressions);
    }

    private RefTerm FlattenReference(RefTerm reference, List<Expression> support)
    {
        var head = reference.Head;
        if (head is not VarTerm)
        {
            head = Flatten(head, support);
            if (head is RefTerm inner)
                return inner with { Operands = [.. inner.Operands, .. Flatten(reference.Operands, support)], Location = reference.Location };
            if (head is not VarTerm)
            {
                var variable = unit.Fresh(head.Location);
                support.Add(TermFacts.Unify(variable, head, head.Location));
                head = variable;
            }
        }

        var operands = Flatten(reference.Operands, support);
        return ReferenceEquals(head, reference.Head) && ReferenceEquals(operands, reference.Operands) ? reference : reference with { Head = head, Operands = operands };
    }
}
