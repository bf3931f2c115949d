using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Compilation;

internal sealed partial class TypeChecker
{
    private void CheckCall(CallTerm call, Expression expression, TypeScope scope)
    {
        if (TermFacts.IsCall(expression, "eq", out _))
        {
            CheckEquation(call, scope);
            return;
        }

        var name = TermFacts.OperatorName(call);
        if (name is "print" or "internal.print" || SignatureOf(call) is not { } signature)
            return;
        IReadOnlyList<RegoType> wanted = [.. signature.Arguments, signature.Result];
        for (var i = 0; i < call.Arguments.Count && i < wanted.Count; i++)
        {
            if (Unify(call.Arguments[i], wanted[i], scope))
                continue;
            var given = string.Join(", ", call.Arguments.Select(argument => TypeText.Of(TypeOf(argument, scope))));
            var shown = Functions.Find(rules.State, call)?.ArgumentTexts ?? signature.Arguments.Select(TypeText.Of);
            var needed = string.Join(", ", shown.Append(TypeText.Of(signature.Result)).Take(call.Arguments.Count));
            Error(call.Location, $"{name}: invalid argument(s)\n\thave: ({given})\n\twant: ({needed})");
            return;
        }
    }

    private (IReadOnlyList<RegoType> Arguments, RegoType Result)? SignatureOf(CallTerm call)
    {
        if (rules.State.Tree.Function(call.Operator) is { } node)
            return rules.OfFunction(node);
        return Functions.Find(rules.State, call) is { } builtin ? (builtin.Arguments, builtin.Result) : null;
    }

    private void CheckEquation(CallTerm call, TypeScope scope)
    {
        var (left, right) = (call.Arguments[0], call.Arguments[1]);
        var (leftType, rightType) = (TypeOf(left, scope), TypeOf(right, scope));
        var fits = (leftType, rightType) switch
        {
            (null, not null) => Unify(left, rightType, scope),
            (not null, null) => Unify(right, leftType, scope),
            (not null, not null) => TypeUnifier.Unifies(leftType, rightType),
            _ => UnifyUnknown(left, right, scope),
        };
        if (!fits)
            Error(call.Location, $"match error\n\tleft  : {TypeText.Of(leftType)}\n\tright : {TypeText.Of(rightType)}");
    }
}
