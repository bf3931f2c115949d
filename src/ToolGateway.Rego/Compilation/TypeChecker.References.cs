using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Compilation;

internal sealed partial class TypeChecker
{
    /// <summary>Every operand must be possible for what stands before it; variables among them learn their types.</summary>
    private void CheckReference(RefTerm reference, TypeScope scope)
    {
        var type = Root(reference, scope, out var used);
        for (var i = used; i < reference.Operands.Count && type is not null; i++)
        {
            if (TypeOps.Keys(type) is not { } keys)
            {
                Undefined(reference, i - 1, $"have: {TypeText.Of(type)}");
                return;
            }

            type = CheckOperand(reference, i, type, keys, scope);
        }
    }

    private RegoType? CheckOperand(RefTerm reference, int index, RegoType type, RegoType keys, TypeScope scope)
    {
        switch (reference.Operands[index])
        {
            case VarTerm variable when scope[variable.Name] is null:
                scope.Set(variable.Name, keys);
                return TypeOps.Values(type);
            case VarTerm variable when !TypeUnifier.Unifies(scope[variable.Name], keys):
                Undefined(reference, index, $"have (type): {TypeText.Of(scope[variable.Name])}", $"want (type): {TypeText.Of(keys)}");
                return null;
            case ScalarTerm scalar:
                if (TypeOps.Select(type, scalar.Value) is { } selected)
                    return selected;
                Undefined(reference, index, $"have: {scalar.Value}", Wanted(type, keys));
                return null;
            case ArrayTerm or ObjectTerm or SetTerm when !Unify(reference.Operands[index], keys, scope):
                Undefined(reference, index, $"have (type): {TypeText.Of(TypeOf(reference.Operands[index], scope))}", $"want (type): {TypeText.Of(keys)}");
                return null;
            default:
                return TypeOps.Values(type);
        }
    }

    private static string Wanted(RegoType type, RegoType keys)
    {
        var names = TypeOps.Members(type).OfType<ObjectType>().SelectMany(static map => map.Static).Select(static member => member.Key).Order().ToList();
        return names.Count == 0 ? $"want (type): {TypeText.Of(keys)}" : $"want (one of): [{string.Join(" ", names)}]";
    }

    private void Undefined(RefTerm reference, int index, params string[] details)
    {
        var shown = ShownNames.Of(reference);
        var text = TermText.Of(shown);
        var before = TermText.Of(shown with { Operands = [.. shown.Operands.Take(index + 1)] });
        var lines = new List<string> { $"undefined ref: {text}", text, new string(' ', Math.Max(0, before.Length)) + "^" };
        var indent = new string(' ', before.Length);
        lines.AddRange(details.Select(detail => indent + detail));
        Error(reference.Location, string.Join("\n\t", lines));
    }
}
