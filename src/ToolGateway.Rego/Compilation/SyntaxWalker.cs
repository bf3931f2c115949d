using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Visits every part of a tree. Lists are indexed: an enumerator for each of them was a good part of what compiling allocates.</summary>
internal abstract class SyntaxWalker
{
    public virtual void Visit(Term term)
    {
        switch (term)
        {
            case VarTerm variable:
                VisitVariable(variable);
                break;
            case RefTerm reference:
                VisitReference(reference);
                break;
            case CallTerm call:
                VisitCall(call);
                break;
            case ArrayTerm array:
                VisitAll(array.Items);
                break;
            case SetTerm set:
                VisitSet(set);
                break;
            case ObjectTerm map:
                VisitObject(map);
                break;
            case ArrayComprehension or SetComprehension or ObjectComprehension:
                VisitComprehension(term);
                break;
            case TemplateTerm template:
                VisitAll(template.Parts);
                break;
        }
    }

    public virtual void Visit(Body body)
    {
        for (var i = 0; i < body.Expressions.Count; i++)
            Visit(body.Expressions[i]);
    }

    public virtual void Visit(Expression expression)
    {
        switch (expression)
        {
            case TermExpression term:
                Visit(term.Term);
                break;
            case NotExpression not:
                VisitNot(not);
                break;
            case SomeInExpression some:
                if (some.Key is not null)
                    Visit(some.Key);
                Visit(some.Value);
                Visit(some.Collection);
                break;
            case EveryExpression every:
                VisitEvery(every);
                break;
            case LogicExpression logic:
                VisitClosure(logic.Left);
                VisitClosure(logic.Right);
                break;
        }

        for (var i = 0; i < expression.With.Count; i++)
            VisitModifier(expression.With[i]);
    }

    public virtual void VisitRule(Rule rule)
    {
        VisitAll(rule.Head.Arguments ?? []);
        VisitAll(rule.Head.Reference.Operands);
        if (rule.Head.Key is not null)
            Visit(rule.Head.Key);
        if (rule.Head.Value is not null)
            Visit(rule.Head.Value);
        Visit(rule.Body);
        if (rule.Else is not null)
            VisitRule(rule.Else);
    }

    protected virtual void VisitVariable(VarTerm variable)
    {
    }

    protected virtual void VisitModifier(WithModifier with) => Visit(with.Value);

    protected virtual void VisitReference(RefTerm reference)
    {
        if (!TermFacts.IsRooted(reference))
            Visit(reference.Head);
        VisitAll(reference.Operands);
    }

    protected virtual void VisitCall(CallTerm call) => VisitAll(call.Arguments);

    protected virtual void VisitSet(SetTerm set) => VisitAll(set.Items);

    protected virtual void VisitObject(ObjectTerm map)
    {
        foreach (var (key, value) in map.Members)
        {
            Visit(key);
            Visit(value);
        }
    }

    protected virtual void VisitNot(NotExpression not)
    {
        if (not.IsScoped)
            VisitClosure(not.Body);
        else
            Visit(not.Body);
    }

    protected virtual void VisitEvery(EveryExpression every)
    {
        Visit(every.Collection);
        if (every.Key is not null)
            Visit(every.Key);
        Visit(every.Value);
        VisitClosure(every.Body);
    }

    /// <summary>A body with variables of its own.</summary>
    protected virtual void VisitClosure(Body body) => Visit(body);

    protected virtual void VisitComprehension(Term comprehension)
    {
        switch (comprehension)
        {
            case ArrayComprehension array:
                Visit(array.Head);
                VisitClosure(array.Body);
                break;
            case SetComprehension set:
                Visit(set.Head);
                VisitClosure(set.Body);
                break;
            case ObjectComprehension map:
                Visit(map.Key);
                Visit(map.Value);
                VisitClosure(map.Body);
                break;
        }
    }

    protected void VisitAll(IReadOnlyList<Term> terms)
    {
        for (var i = 0; i < terms.Count; i++)
            Visit(terms[i]);
    }
}
