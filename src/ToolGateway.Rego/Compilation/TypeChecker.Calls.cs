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
        IReadOnlyList<RegoType> wanted = [.. signature.Arguments, scope.IsReplaced ? RegoType.Any : signature.Result];
        for (var i = 0; i < call.Arguments.Count && i < wanted.Count; i++)
        {
            if (Unify(call.Arguments[i], wanted[i], scope))
                continue;
            var given = string.Join(", ", call.Arguments.Select(argument => TypeText.Of(TypeOf(argument, scope))));
            var needed = string.Join(", ", ArgumentTexts(call, signature.Arguments).Append(TypeText.Of(signature.Result)).Take(call.Arguments.Count));
            Error(call.Location, $"{name}: invalid argument(s)\n\thave: ({given})\n\twant: ({needed})");
            return;
        }
    }

    private IEnumerable<string> ArgumentTexts(CallTerm call, IReadOnlyList<RegoType> types) =>
        Functions.Find(rules.State, call)?.ArgumentTexts ?? types.Select(TypeText.Of);

    /// <summary>A function may only be replaced by one that could take the same arguments.</summary>
    private void CheckModifier(WithModifier with, TypeScope scope)
    {
        CheckTerm(with.Value, scope);
        if (with.Value is not FunctionTerm replacement)
            return;
        var target = new CallTerm((RefTerm)with.Target, [], with.Location);
        if (SignatureOf(target) is not { } wanted || SignatureOf(new CallTerm(replacement.Operator, [], with.Location)) is not { } given)
            return;
        if (wanted.Arguments.Count == given.Arguments.Count && wanted.Arguments.Zip(given.Arguments).All(static pair => TypeUnifier.Unifies(pair.First, pair.Second)))
            return;
        var have = string.Join(", ", given.Arguments.Select(TypeText.Of));
        Error(with.Location, $"{TermFacts.OperatorName(target)}: arity mismatch\n\thave: ({have})\n\twant: ({string.Join(", ", ArgumentTexts(target, wanted.Arguments))})");
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
