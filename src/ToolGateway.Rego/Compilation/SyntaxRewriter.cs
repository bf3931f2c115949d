using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Copies a tree with parts replaced. Unchanged parts are shared.</summary>
internal abstract class SyntaxRewriter
{
    public virtual Term Rewrite(Term term) => term switch
    {
        RefTerm reference => RewriteReference(reference),
        CallTerm call => RewriteCall(call),
        ArrayTerm array => RewriteAll(array.Items) is var items && ReferenceEquals(items, array.Items) ? array : array with { Items = items },
        SetTerm set => RewriteAll(set.Items) is var items && ReferenceEquals(items, set.Items) ? set : set with { Items = items },
        ObjectTerm map => map with { Members = [.. map.Members.Select(member => new ObjectTermMember(Rewrite(member.Key), Rewrite(member.Value)))] },
        ArrayComprehension or SetComprehension or ObjectComprehension => RewriteComprehension(term),
        TemplateTerm template => template with { Parts = RewriteAll(template.Parts) },
        _ => term,
    };

    public virtual Body Rewrite(Body body) => body with { Expressions = [.. body.Expressions.Select(Rewrite)] };

    public virtual Expression Rewrite(Expression expression)
    {
        Expression result = expression switch
        {
            TermExpression term => Rewrite(term.Term) is var rewritten && ReferenceEquals(rewritten, term.Term) ? term : term with { Term = rewritten },
            NotExpression not => not with { Body = Rewrite(not.Body) },
            SomeInExpression some => some with
            {
                Key = some.Key is null ? null : Rewrite(some.Key),
                Value = Rewrite(some.Value),
                Collection = Rewrite(some.Collection),
            },
            EveryExpression every => RewriteEvery(every),
            LogicExpression logic => logic with { Left = Rewrite(logic.Left), Right = Rewrite(logic.Right) },
            _ => expression,
        };
        return result.With.Count == 0 ? result : result with { With = [.. result.With.Select(RewriteModifier)] };
    }

    protected virtual WithModifier RewriteModifier(WithModifier with) => with with { Value = Rewrite(with.Value) };

    protected virtual Expression RewriteEvery(EveryExpression every) =>
        every with { Collection = Rewrite(every.Collection), Body = Rewrite(every.Body) };

    protected virtual Term RewriteReference(RefTerm reference)
    {
        var head = Rewrite(reference.Head);
        var operands = RewriteAll(reference.Operands);
        return ReferenceEquals(head, reference.Head) && ReferenceEquals(operands, reference.Operands)
            ? reference
            : reference with { Head = head, Operands = operands };
    }

    protected virtual Term RewriteCall(CallTerm call)
    {
        var arguments = RewriteAll(call.Arguments);
        return ReferenceEquals(arguments, call.Arguments) ? call : call with { Arguments = arguments };
    }

    protected virtual Term RewriteComprehension(Term comprehension) => comprehension switch
    {
        ArrayComprehension array => array with { Body = Rewrite(array.Body), Head = Rewrite(array.Head) },
        SetComprehension set => set with { Body = Rewrite(set.Body), Head = Rewrite(set.Head) },
        ObjectComprehension map => map with { Body = Rewrite(map.Body), Key = Rewrite(map.Key), Value = Rewrite(map.Value) },
        _ => comprehension,
    };

    protected IReadOnlyList<Term> RewriteAll(IReadOnlyList<Term> terms)
    {
        Term[]? copy = null;
        for (var i = 0; i < terms.Count; i++)
        {
            var rewritten = Rewrite(terms[i]);
            if (copy is null && !ReferenceEquals(rewritten, terms[i]))
                copy = [.. terms];
            if (copy is not null)
                copy[i] = rewritten;
        }

        return copy ?? terms;
    }

    /// <summary>Rewrites a rule and its else branches: bodies first, then the heads that use their variables.</summary>
    public virtual Rule RewriteRule(Rule rule) => rule with
    {
        Body = Rewrite(rule.Body),
        Head = RewriteHead(rule.Head),
        Else = rule.Else is null ? null : RewriteRule(rule.Else),
    };

    protected virtual RuleHead RewriteHead(RuleHead head) => head with
    {
        Arguments = head.Arguments is null ? null : RewriteAll(head.Arguments),
        Key = head.Key is null ? null : Rewrite(head.Key),
        Value = head.Value is null ? null : Rewrite(head.Value),
        Reference = head.Reference with { Operands = RewriteAll(head.Reference.Operands) },
    };
}
