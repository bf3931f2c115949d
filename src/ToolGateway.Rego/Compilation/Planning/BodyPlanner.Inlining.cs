using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Planning;

internal sealed partial class BodyPlanner
{
    private readonly Dictionary<string, ValueExpression> _inlined = new(StringComparer.Ordinal);
    private SingleUses? _uses;

    /// <summary>
    /// Expressions that only compute an operand of a call just after them are computed with the call: no node, no slot. Never into a negation or another closure,
    /// where an undefined operand means something else.
    /// </summary>
    private bool TryInline(IReadOnlyList<Expression> body, int at, Rule? rule)
    {
        if (_uses?.Of(body[at]) is not { } single || _bound.Contains(single.Name) || !IsBound(single.Value) || IsRelation(single.Value))
            return false;
        var user = at + 1;
        while (user < body.Count && !Uses(body[user], single.Name) && _uses.Of(body[user]) is not null)
            user++;
        var fits = user < body.Count ? IsPlainUse(body[user], single.Name) : rule is not null && IsInHead(rule, single.Name);
        if (!fits)
            return false;
        _inlined.Add(single.Name, PlanValue(single.Value));
        _bound.Add(single.Name);
        return true;
    }

    private bool IsRelation(Term term) =>
        term is CallTerm call && (policy.Callable(call) is BuiltinCallable { Builtin: var builtin }
            ? (builtin.Traits & BuiltinTraits.Relation) != 0 || builtin.Name == "internal.print" || call.Arguments.Count != builtin.Arguments.Count
            : call.Arguments.Count != policy.ArityOf(call));

    /// <summary>A direct operand of a call, or of a reference or equation, that is evaluated exactly once when the expression is.</summary>
    private static bool IsPlainUse(Expression expression, string name) =>
        expression is TermExpression { Term: CallTerm call, With.Count: 0 } && !TermFacts.IsCall(expression, "eq", out _) &&
        call.Arguments.Any(argument => argument is VarTerm variable && variable.Name == name);

    private static bool IsInHead(Rule rule, string name) =>
        rule.Head.Value is VarTerm value && value.Name == name && rule.Head.Reference.Operands.All(static operand => operand is ScalarTerm);

    private static bool Uses(Expression expression, string name) => VariableSets.Of(expression).Contains(name);
}
