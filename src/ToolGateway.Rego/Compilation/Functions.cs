using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>What calls refer to.</summary>
internal static class Functions
{
    public static int? Arity(CompilerState state, CallTerm call)
    {
        if (TermFacts.IsData(call.Operator))
            return state.Tree.Function(call.Operator)?.Rules[0].Rule.Head.Arguments!.Count;
        return Find(state, call)?.Arguments.Count;
    }

    public static Builtin? Find(CompilerState state, CallTerm call) => state.Builtins.GetValueOrDefault(TermFacts.OperatorName(call));
}
