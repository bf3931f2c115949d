using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Calls go to functions that exist, with as many arguments as they have (or one more, for the result).</summary>
internal static class CheckFunctions
{
    public static void Run(CompilerState state)
    {
        foreach (var unit in state.OpenRules)
            new Walker(state, unit).VisitRule(unit.Rule);
    }

    private sealed class Walker(CompilerState state, RuleUnit unit) : SyntaxWalker
    {
        protected override void VisitCall(CallTerm call)
        {
            base.VisitCall(call);
            var name = TermFacts.OperatorName(call);
            if (Functions.Arity(state, call) is not { } arity)
            {
                state.Error(RegoErrorCodes.Type, $"undefined function {name}", call.Location);
                return;
            }

            var given = call.HasOutput ? call.Arguments.Count - 1 : call.Arguments.Count;
            if (name is not ("print" or "internal.print") && given != arity && (call.HasOutput || given != arity + 1))
                state.Error(RegoErrorCodes.Type, Mismatch(call, name, arity, given), call.Location);
            if (unit.Module.IsV1 && Functions.Find(state, call) is { } builtin && builtin.Traits.HasFlag(BuiltinTraits.Deprecated) && !TermFacts.IsData(call.Operator))
                state.Error(RegoErrorCodes.Type, $"deprecated built-in function calls in expression: {name}", call.Location);
        }

        private string Mismatch(CallTerm call, string name, int arity, int given)
        {
            if (Functions.Find(state, call) is not { } builtin || TermFacts.IsData(call.Operator))
                return $"function {name} has arity {arity}, got {given} argument{(given == 1 ? "" : "s")}";
            var have = call.Arguments.Take(given).Select(argument => TypeText.Of(argument is ScalarTerm scalar ? TypeOps.OfValue(scalar.Value) : RegoType.Any));
            return $"{name}: arity mismatch\n\thave: ({string.Join(", ", have)})\n\twant: ({string.Join(", ", builtin.ArgumentTexts)})";
        }
    }
}
