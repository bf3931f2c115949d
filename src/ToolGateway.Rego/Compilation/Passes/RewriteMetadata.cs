using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary><c>rego.metadata.rule()</c> and <c>rego.metadata.chain()</c> are known now: they become constants.</summary>
internal static class RewriteMetadata
{
    public static void Run(CompilerState state)
    {
        AnnotationIndex? index = null;
        foreach (var unit in state.OpenRules)
        {
            var rewriter = new Rewriter(unit, () => index ??= new AnnotationIndex(state));
            unit.Rule = rewriter.RewriteRule(unit.Rule);
        }
    }

    private sealed class Rewriter(RuleUnit unit, Func<AnnotationIndex> annotations) : SyntaxRewriter
    {
        protected override Term RewriteCall(CallTerm call)
        {
            if (call.Operator is not { Head: VarTerm { Name: "rego" }, Operands.Count: 2 })
                return base.RewriteCall(call);
            var constant = TermFacts.OperatorName(call) switch
            {
                "rego.metadata.rule" => AnnotationIndex.OfRule(unit),
                "rego.metadata.chain" => (Values.RegoValue)annotations().Chain(unit),
                _ => null,
            };
            if (constant is null || call.Arguments.Count > 1)
                return base.RewriteCall(call);
            var term = new ScalarTerm(constant, call.Location);
            return call.Arguments.Count == 0 ? term : TermFacts.Call("eq", call.Location, Rewrite(call.Arguments[0]), term);
        }
    }
}
