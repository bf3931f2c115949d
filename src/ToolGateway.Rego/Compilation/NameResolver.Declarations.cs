using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

internal sealed partial class NameResolver
{
    /// <summary>Names that <c>some x</c> declares without giving them a value.</summary>
    private readonly HashSet<string> _unusedSome = new(StringComparer.Ordinal);

    private Body ResolveBody(Body body)
    {
        var expressions = new List<Expression>(body.Expressions.Count);
        foreach (var expression in body.Expressions)
        {
            if (Resolve(expression) is { } resolved)
                expressions.Add(resolved);
        }

        if (expressions.Count == 0)
            expressions.Add(new TermExpression(new ScalarTerm(RegoBoolean.True, body.Location), body.Location));
        return body with { Expressions = expressions };
    }

    private Expression? Resolve(Expression expression)
    {
        switch (expression)
        {
            case SomeDeclaration some:
                foreach (var name in some.Names)
                {
                    if (!name.IsWildcard && Declare(name, NameOrigin.Declared))
                        _unusedSome.Add(name.Name);
                }

                return null;
            case SomeInExpression some:
                return ResolveSomeIn(some);
            case EveryExpression every:
                return ResolveEvery(every);
            case NotExpression { IsScoped: false } not:
                return ResolveNot(not);
            default:
                return TermFacts.IsCall(expression, "assign", out var call) ? ResolveAssignment((TermExpression)expression, call) : Rewrite(expression);
        }
    }

    private Expression ResolveNot(NotExpression not)
    {
        if (TermFacts.IsCall(not.Body.Expressions[0], "assign", out _))
            Error("cannot assign vars inside negated expression", not.Location);
        var inner = not.Body.Expressions.Select(Rewrite).ToList();
        return not with { Body = not.Body with { Expressions = inner }, With = [.. not.With.Select(RewriteModifier)] };
    }

    private TermExpression ResolveAssignment(TermExpression expression, CallTerm call)
    {
        var right = Rewrite(call.Arguments[1]);
        IReadOnlyList<WithModifier> with = [.. expression.With.Select(RewriteModifier)];
        var left = DeclarePattern(call.Arguments[0], NameOrigin.Assigned);
        return expression with { Term = TermFacts.Call("eq", call.Location, left, right) with { IsInfix = true }, With = with };
    }

    private Term DeclarePattern(Term term, NameOrigin origin)
    {
        switch (term)
        {
            case VarTerm { IsWildcard: true }:
                return term;
            case VarTerm variable:
                return Declare(variable, origin) && Innermost.TryGet(variable.Name, out var local) ? variable with { Name = local } : variable;
            case ArrayTerm array:
                return array with { Items = [.. array.Items.Select(item => DeclarePattern(item, origin))] };
            case ObjectTerm map:
                return map with { Members = [.. map.Members.Select(m => new ObjectTermMember(Rewrite(m.Key), DeclarePattern(m.Value, origin)))] };
            default:
                if (origin == NameOrigin.Declared)
                    return Rewrite(term);
                Error($"cannot assign to {TermNames.Of(term)}", term.Location);
                return term;
        }
    }

    private bool Declare(VarTerm variable, NameOrigin origin)
    {
        if (TermFacts.IsRoot(variable.Name))
        {
            Error($"variables must not shadow {variable.Name} (use a different variable name)", variable.Location);
            return false;
        }

        if (Innermost.Declare(variable.Name, _unit.FreshFor(variable.Name), origin, variable.Location) is not { } problem)
            return true;
        Error(problem, variable.Location);
        return false;
    }

    private TermExpression ResolveSomeIn(SomeInExpression some)
    {
        var collection = Rewrite(some.Collection);
        IReadOnlyList<WithModifier> with = [.. some.With.Select(RewriteModifier)];
        var key = some.Key is null ? _unit.Fresh(some.Location) : DeclarePattern(some.Key, NameOrigin.Declared);
        var value = DeclarePattern(some.Value, NameOrigin.Declared);
        var element = collection is RefTerm reference
            ? reference with { Operands = [.. reference.Operands, key] }
            : new RefTerm(collection, [key], some.Collection.Location);
        return TermFacts.Unify(value, element, some.Location) with { With = with };
    }

    private EveryExpression ResolveEvery(EveryExpression every)
    {
        var collection = Rewrite(every.Collection);
        IReadOnlyList<WithModifier> with = [.. every.With.Select(RewriteModifier)];
        _scopes.Add(new NameScope());
        CollectDeclarations(every.Body, Innermost.Ahead);
        var key = every.Key is null ? _unit.Fresh(every.Location) : DeclarePattern(every.Key, NameOrigin.Declared);
        var value = DeclarePattern(every.Value, NameOrigin.Declared);
        var body = ResolveBody(every.Body);
        ReportUnused();
        _scopes.RemoveAt(_scopes.Count - 1);
        return every with { Key = key, Value = value, Collection = collection, Body = body, With = with };
    }

    private static void CollectDeclarations(Body body, HashSet<string> names)
    {
        foreach (var expression in body.Expressions)
        {
            switch (expression)
            {
                case SomeDeclaration some:
                    names.UnionWith(some.Names.Select(name => name.Name));
                    break;
                case SomeInExpression some:
                    CollectPattern(some.Key, names);
                    CollectPattern(some.Value, names);
                    break;
                default:
                    if (TermFacts.IsCall(expression, "assign", out var call))
                        CollectPattern(call.Arguments[0], names);
                    break;
            }
        }
    }

    private static void CollectPattern(Term? term, HashSet<string> names)
    {
        switch (term)
        {
            case VarTerm { IsWildcard: false } variable:
                names.Add(variable.Name);
                break;
            case ArrayTerm array:
                foreach (var item in array.Items)
                    CollectPattern(item, names);
                break;
            case ObjectTerm map:
                foreach (var (_, value) in map.Members)
                    CollectPattern(value, names);
                break;
        }
    }
}
