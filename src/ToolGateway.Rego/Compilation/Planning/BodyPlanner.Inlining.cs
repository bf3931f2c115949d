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
    private bool TryInline(IReadOnlyList<Expression> body, int at, Rule? rule, UserMap? users)
    {
        if (users?.SingleAt(at) is not { } single || _bound.Contains(single.Name) || !IsBound(single.Value) || IsRelation(single.Value))
            return false;
        var user = users.UserOf(single.Name, at);
        var fits = user < body.Count ? IsPlainUse(body[user], single.Name) : rule is not null && IsInHead(rule, single.Name);
        if (!fits || users.FirstOther(at + 1) < user)
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

    /// <summary>Where in a body the variables that are used once are used, and which expressions only give one its value.</summary>
    private sealed class UserMap
    {
        private readonly (string Name, Term Value)?[] _singles;
        private readonly int[] _firstOther;
        private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);

        public UserMap(IReadOnlyList<Expression> body, SingleUses uses)
        {
            _singles = [.. body.Select(uses.Of)];
            _firstOther = new int[body.Count + 1];
            _firstOther[body.Count] = body.Count;
            for (var i = body.Count - 1; i >= 0; i--)
            {
                _firstOther[i] = _singles[i] is null ? i : _firstOther[i + 1];
                foreach (var name in VariableSets.Of(body[i]))
                {
                    if (_singles[i]?.Name != name)
                        _users[name] = i;
                }
            }
        }

        public (string Name, Term Value)? SingleAt(int at) => _singles[at];

        /// <summary>The expression that uses the variable; the length of the body when none after <paramref name="at"/> does.</summary>
        public int UserOf(string name, int at) => _users.TryGetValue(name, out var user) && user > at ? user : _singles.Length;

        /// <summary>The first expression from <paramref name="at"/> on that does more than give a variable its value.</summary>
        public int FirstOther(int at) => _firstOther[at];
    }
}
