using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Planning;

internal sealed partial class BodyPlanner
{
    private void PlanCall(CallTerm call, Chain chain)
    {
        if (TermFacts.OperatorName(call) == "eq" && call.Arguments.Count == 2)
        {
            PlanUnification(call, chain);
            return;
        }

        var target = policy.Callable(call);
        var arity = policy.ArityOf(call);
        var arguments = PlanValues([.. call.Arguments.Take(arity)]);
        var output = call.Arguments.Count > arity ? call.Arguments[arity] : null;
        if (output is null && target is BuiltinCallable builtin && ComparisonOf(builtin.Builtin.Name) is { } comparison)
        {
            chain.Append(new CompareNode(comparison, arguments[0], arguments[1]));
            return;
        }

        if (output is null && target is BuiltinCallable { Builtin.Name: "internal.member_2" } && arguments[1] is ConstantValue)
        {
            chain.Append(new MemberNode(arguments[0], arguments[1], new CallValue(target, arguments, call.Location)));
            return;
        }

        PlanCall(new CallValue(target, arguments, call.Location), target, output, chain);
    }

    private void PlanCall(CallValue value, ICallable target, Term? output, Chain chain)
    {
        var builtin = (target as BuiltinCallable)?.Builtin;
        if (builtin?.Name == "trace" && policy.IsTraced)
            chain.Append(new TraceNoteNode(new Tracing.TraceSite(value.Location, []), value.Arguments[0]));
        if (builtin?.Name == "internal.print")
            chain.Append(new PrintNode(value));
        else if (builtin is not null && builtin.Traits.HasFlag(BuiltinTraits.Relation))
            chain.Append(new RelationNode(value, output is null ? new TruePattern() : PlanPattern(output)));
        else if (output is VarTerm { IsWildcard: false } variable && _bound.Add(variable.Name))
            chain.Append(new BindNode(SlotOf(variable.Name), value));
        else
            chain.Append(output is null ? new TestNode(value) : new MatchNode(value, PlanPattern(output)));
    }

    private static ComparisonKind? ComparisonOf(string name) => name switch
    {
        "equal" => ComparisonKind.Equal,
        "neq" => ComparisonKind.NotEqual,
        "lt" => ComparisonKind.Less,
        "lte" => ComparisonKind.LessOrEqual,
        "gt" => ComparisonKind.Greater,
        "gte" => ComparisonKind.GreaterOrEqual,
        _ => null,
    };
}
