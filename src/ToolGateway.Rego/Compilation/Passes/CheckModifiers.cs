using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Checks what <c>with</c> modifiers replace, and tells functions that replace functions from values.</summary>
internal static class CheckModifiers
{
    private static readonly HashSet<string> NotReplaceable = ["eq", "assign", "rego.metadata.chain", "rego.metadata.rule"];

    public static void Run(CompilerState state)
    {
        foreach (var unit in state.OpenRules)
            unit.Rule = new Rewriter(state).RewriteRule(unit.Rule);
    }

    private sealed class Rewriter(CompilerState state) : SyntaxRewriter
    {
        protected override WithModifier RewriteModifier(WithModifier with)
        {
            var target = (RefTerm)with.Target;
            if (TermFacts.IsRooted(target) && !IsFunction(target))
            {
                CheckPath(target);
                return base.RewriteModifier(with);
            }

            if (!IsFunction(target))
                Error("with keyword target must reference existing input, data, or a function", with);
            else
                CheckBuiltin(target, with);
            var replacement = with.Value as RefTerm ?? (with.Value is VarTerm name ? new RefTerm(name, [], name.Location) : null);
            if (replacement is null || !IsFunction(replacement))
                return base.RewriteModifier(with);
            return with with { Value = new FunctionTerm(replacement, with.Value.Location) };
        }

        private bool IsFunction(RefTerm reference) =>
            TermFacts.IsData(reference) ? state.Tree.Function(reference) is not null : (reference.Head is VarTerm && state.Builtins.ContainsKey(NameOf(reference)));

        private void CheckPath(RefTerm target)
        {
            foreach (var operand in target.Operands)
            {
                if (operand is not ScalarTerm { Value: RegoString or RegoNumber })
                    state.Error(RegoErrorCodes.Type, "with keyword target must reference existing input, data, or a function", target.Location);
            }
        }

        private void CheckBuiltin(RefTerm target, WithModifier with)
        {
            if (TermFacts.IsData(target))
                return;
            var name = NameOf(target);
            if (name.StartsWith("internal.", StringComparison.Ordinal))
                Error($"with keyword replacing built-in function: replacement of internal function \"{name}\" is invalid", with);
            else if (NotReplaceable.Contains(name))
                Error($"with keyword replacing built-in function: replacement of {name} is invalid", with);
            else if (state.Builtins[name].Traits.HasFlag(BuiltinTraits.Relation))
                Error("with keyword replacing built-in function: target must not be a relation", with);
        }

        private void Error(string message, WithModifier with) => state.Error(RegoErrorCodes.Compile, message, with.Location);

        private static string NameOf(RefTerm reference) => TermFacts.OperatorName(new CallTerm(reference, [], reference.Location));
    }
}
