using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>Checks bodies, expression by expression, and learns the types of their variables on the way.</summary>
internal sealed partial class TypeChecker(RuleTypes rules, Dictionary<RegoArray, RegoType> schemas)
{
    public static RegoType Known(RegoType? type) => type ?? RegoType.Any;

    public void Check(Body body, TypeScope scope)
    {
        foreach (var expression in body.Expressions)
            Check(expression, scope);
    }

    private void Check(Expression expression, TypeScope scope)
    {
        if (expression.With.Count == 0)
        {
            CheckPlain(expression, scope);
            return;
        }

        foreach (var with in expression.With)
            CheckModifier(with, scope);
        scope.IsReplaced = expression.With.Any(static with => !TermFacts.IsInput((RefTerm)with.Target));
        scope.IsInputReplaced = expression.With.Any(static with => TermFacts.IsInput((RefTerm)with.Target));
        CheckPlain(expression, scope);
        scope.IsReplaced = scope.IsInputReplaced = false;
    }

    private void CheckPlain(Expression expression, TypeScope scope)
    {
        switch (expression)
        {
            case TermExpression { Term: CallTerm call }:
                CheckOperands(call.Arguments, scope);
                CheckCall(call, expression, scope);
                break;
            case TermExpression term:
                CheckTerm(term.Term, scope);
                break;
            case NotExpression not:
                Check(not.Body, not.IsScoped ? new TypeScope(scope) : scope);
                break;
            case EveryExpression every:
                CheckEvery(every, scope);
                break;
            case LogicExpression logic:
                Check(logic.Left, new TypeScope(scope));
                Check(logic.Right, new TypeScope(scope));
                break;
            case SomeInExpression some:
                CheckTerm(some.Collection, scope);
                break;
        }
    }

    private void CheckEvery(EveryExpression every, TypeScope scope)
    {
        CheckTerm(every.Collection, scope);
        var domain = Known(TypeOf(every.Collection, scope));
        var inner = new TypeScope(scope);
        if (every.Key is VarTerm key)
            inner.Set(key.Name, Known(TypeOps.Keys(domain)));
        if (every.Value is VarTerm value)
            inner.Set(value.Name, Known(TypeOps.Values(domain)));
        Check(every.Body, inner);
    }

    private void CheckOperands(IReadOnlyList<Term> terms, TypeScope scope)
    {
        foreach (var term in terms)
            CheckTerm(term, scope);
    }

    /// <summary>Checks the references and closures within a term.</summary>
    private void CheckTerm(Term term, TypeScope scope)
    {
        switch (term)
        {
            case RefTerm reference:
                CheckOperands(reference.Operands, scope);
                CheckReference(reference, scope);
                break;
            case ArrayTerm array:
                CheckOperands(array.Items, scope);
                break;
            case SetTerm set:
                CheckOperands(set.Items, scope);
                break;
            case ObjectTerm map:
                foreach (var (key, value) in map.Members)
                    CheckOperands([key, value], scope);
                break;
            case ArrayComprehension comprehension:
                CheckClosure(comprehension, comprehension.Body, scope);
                break;
            case SetComprehension comprehension:
                CheckClosure(comprehension, comprehension.Body, scope);
                break;
            case ObjectComprehension comprehension:
                CheckClosure(comprehension, comprehension.Body, scope);
                break;
        }
    }

    private void CheckClosure(Term comprehension, Body body, TypeScope scope)
    {
        var inner = new TypeScope(scope);
        Check(body, inner);
        _closures[comprehension] = comprehension switch
        {
            ArrayComprehension array => new ArrayType([], Known(TypeOf(array.Head, inner))),
            SetComprehension set => new SetType(Known(TypeOf(set.Head, inner))),
            ObjectComprehension map => new ObjectType([], Known(TypeOf(map.Key, inner)), Known(TypeOf(map.Value, inner))),
            _ => RegoType.Any,
        };
    }

    private void Error(Text.SourceLocation location, string message) => rules.State.Error(RegoErrorCodes.Type, message, location);
}
