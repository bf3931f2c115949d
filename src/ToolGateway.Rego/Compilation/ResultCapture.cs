using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Gives every expression of a query a variable for its value, so that a result can show it; equations and the like have none and show true.</summary>
internal sealed class ResultCapture(CompilerState state, RuleUnit unit)
{
    private readonly List<string?> _variables = [];

    /// <summary>For every expression as written: the variable that holds its value, or null when that is always true.</summary>
    public IReadOnlyList<string?> Variables => _variables;

    public Body Capture(Body body) => body with { Expressions = [.. body.Expressions.Select(Capture)] };

    private Expression Capture(Expression expression)
    {
        if (expression is not TermExpression term || IsVoid(term))
        {
            _variables.Add(null);
            return expression;
        }

        var variable = unit.Fresh(expression.Location);
        _variables.Add(variable.Name);
        return term with
        {
            Term = term.Term is CallTerm call
                ? call with { Arguments = [.. call.Arguments, variable], IsInfix = false }
                : TermFacts.Call("eq", term.Location, variable, term.Term),
        };
    }

    private bool IsVoid(TermExpression expression)
    {
        if (expression.Term is not CallTerm call)
            return false;
        var name = TermFacts.OperatorName(call);
        return name is "eq" or "assign" or "print" || (Functions.Arity(state, call) ?? -1) != call.Arguments.Count;
    }
}
