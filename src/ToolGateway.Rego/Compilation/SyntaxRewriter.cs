using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Copies a tree with parts replaced. Unchanged parts are shared.</summary>
internal abstract class SyntaxRewriter
{
    private readonly Func<Term, Term> _rewriteTerm;
    private readonly Func<Expression, Expression> _rewriteExpression;

    protected SyntaxRewriter() => (_rewriteTerm, _rewriteExpression) = (Rewrite, Rewrite);

    public virtual Term Rewrite(Term term) => term switch
    {
        RefTerm reference => RewriteReference(reference),
        CallTerm call => RewriteCall(call),
        ArrayTerm array => RewriteAll(array.Items) is var items && ReferenceEquals(items, array.Items) ? array : array with { Items = items },
        SetTerm set => RewriteAll(set.Items) is var items && ReferenceEquals(items, set.Items) ? set : set with { Items = items },
        ObjectTerm map => RewriteObject(map),
        ArrayComprehension or SetComprehension or ObjectComprehension => RewriteComprehension(term),
        TemplateTerm template => template with { Parts = RewriteAll(template.Parts) },
        _ => term,
    };

    public virtual Body Rewrite(Body body)
    {
        var expressions = RewriteAll(body.Expressions, _rewriteExpression);
        return ReferenceEquals(expressions, body.Expressions) ? body : body with { Expressions = expressions };
    }

    public virtual Expression Rewrite(Expression expression)
    {
        Expression result = expression switch
        {
            TermExpression term => Rewrite(term.Term) is var rewritten && ReferenceEquals(rewritten, term.Term) ? term : term with { Term = rewritten },
            NotExpression not => Rewrite(not.Body) is var body && ReferenceEquals(body, not.Body) ? not : not with { Body = body },
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
        if (result.With.Count == 0)
            return result;
        var with = RewriteAll(result.With, RewriteModifier);
        return ReferenceEquals(with, result.With) ? result : result with { With = with };
    }

    protected virtual WithModifier RewriteModifier(WithModifier with) =>
        Rewrite(with.Value) is var value && ReferenceEquals(value, with.Value) ? with : with with { Value = value };

    protected virtual Expression RewriteEvery(EveryExpression every)
    {
        var (collection, body) = (Rewrite(every.Collection), Rewrite(every.Body));
        return ReferenceEquals(collection, every.Collection) && ReferenceEquals(body, every.Body)
            ? every
            : every with { Collection = collection, Body = body };
    }

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

    protected virtual Term RewriteComprehension(Term comprehension)
    {
        switch (comprehension)
        {
            case ArrayComprehension array:
                var arrayBody = Rewrite(array.Body);
                var item = Rewrite(array.Head);
                return ReferenceEquals(arrayBody, array.Body) && ReferenceEquals(item, array.Head) ? array : array with { Body = arrayBody, Head = item };
            case SetComprehension set:
                var setBody = Rewrite(set.Body);
                var element = Rewrite(set.Head);
                return ReferenceEquals(setBody, set.Body) && ReferenceEquals(element, set.Head) ? set : set with { Body = setBody, Head = element };
            case ObjectComprehension map:
                var (body, key, value) = (Rewrite(map.Body), Rewrite(map.Key), Rewrite(map.Value));
                return ReferenceEquals(body, map.Body) && ReferenceEquals(key, map.Key) && ReferenceEquals(value, map.Value)
                    ? map
                    : map with { Body = body, Key = key, Value = value };
            default:
                return comprehension;
        }
    }

    protected IReadOnlyList<Term> RewriteAll(IReadOnlyList<Term> terms) => RewriteAll(terms, _rewriteTerm);

    private static IReadOnlyList<T> RewriteAll<T>(IReadOnlyList<T> items, Func<T, T> rewrite)
        where T : class
    {
        T[]? copy = null;
        for (var i = 0; i < items.Count; i++)
        {
            var rewritten = rewrite(items[i]);
            if (copy is null && !ReferenceEquals(rewritten, items[i]))
                copy = [.. items];
            if (copy is not null)
                copy[i] = rewritten;
        }

        return copy ?? items;
    }

    private ObjectTerm RewriteObject(ObjectTerm map)
    {
        ObjectTermMember[]? copy = null;
        for (var i = 0; i < map.Members.Count; i++)
        {
            var (key, value) = map.Members[i];
            var member = new ObjectTermMember(Rewrite(key), Rewrite(value));
            if (copy is null && (!ReferenceEquals(member.Key, key) || !ReferenceEquals(member.Value, value)))
                copy = [.. map.Members];
            if (copy is not null)
                copy[i] = member;
        }

        return copy is null ? map : map with { Members = copy };
    }

    /// <summary>Rewrites a rule and its else branches: bodies first, then the heads that use their variables.</summary>
    public virtual Rule RewriteRule(Rule rule)
    {
        var body = Rewrite(rule.Body);
        var head = RewriteHead(rule.Head);
        var otherwise = rule.Else is null ? null : RewriteRule(rule.Else);
        return ReferenceEquals(body, rule.Body) && ReferenceEquals(head, rule.Head) && ReferenceEquals(otherwise, rule.Else)
            ? rule
            : rule with { Body = body, Head = head, Else = otherwise };
    }

    protected virtual RuleHead RewriteHead(RuleHead head)
    {
        var arguments = head.Arguments is null ? null : RewriteAll(head.Arguments);
        var key = head.Key is null ? null : Rewrite(head.Key);
        var value = head.Value is null ? null : Rewrite(head.Value);
        var operands = RewriteAll(head.Reference.Operands);
        if (ReferenceEquals(arguments, head.Arguments) && ReferenceEquals(key, head.Key) && ReferenceEquals(value, head.Value) &&
            ReferenceEquals(operands, head.Reference.Operands))
        {
            return head;
        }

        return head with { Arguments = arguments, Key = key, Value = value, Reference = head.Reference with { Operands = operands } };
    }
}
