using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>Generated variables that are bound in one place and used in one other: their value can be computed where it is used.</summary>
internal sealed class SingleUses : SyntaxWalker
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public SingleUses(Rule rule)
    {
        Visit(rule.Body);
        foreach (var operand in rule.Head.Reference.Operands)
            Visit(operand);
        if (rule.Head.Key is not null)
            Visit(rule.Head.Key);
        if (rule.Head.Value is not null)
            Visit(rule.Head.Value);
    }

    /// <summary>Whether the expression only gives a value to a variable that one other place uses: then the variable and what computes it.</summary>
    public (string Name, Term Value)? Of(Expression expression)
    {
        if (expression is not TermExpression { Term: CallTerm call, With.Count: 0 })
            return null;
        if (TermFacts.IsCall(expression, "eq", out _))
            return call.Arguments is [VarTerm variable, RefTerm value] && IsSingle(variable) ? (variable.Name, value) : null;
        return call.Arguments is [.., VarTerm output] && IsSingle(output)
            ? (output.Name, call with { Arguments = [.. call.Arguments.Take(call.Arguments.Count - 1)] })
            : null;
    }

    protected override void VisitVariable(VarTerm variable) => _counts[variable.Name] = _counts.GetValueOrDefault(variable.Name) + 1;

    private bool IsSingle(VarTerm variable) => LocalNames.IsUnique(variable.Name) && _counts[variable.Name] == 2;
}
