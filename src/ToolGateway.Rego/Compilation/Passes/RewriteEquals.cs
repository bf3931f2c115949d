using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary><c>a == b</c> is a unification once it is known that all variables are bound; so <c>not input.x == 1</c> holds when <c>input.x</c> is undefined.</summary>
internal static class RewriteEquals
{
    public static void Run(CompilerState state)
    {
        var rewriter = new Rewriter();
        foreach (var unit in state.OpenRules)
            unit.Rule = rewriter.RewriteRule(unit.Rule);
    }

    private sealed class Rewriter : SyntaxRewriter
    {
        public override Expression Rewrite(Expression expression)
        {
            expression = base.Rewrite(expression);
            return TermFacts.IsCall(expression, "equal", out var call) && call.Arguments.Count == 2
                ? ((TermExpression)expression) with { Term = TermFacts.Call("eq", call.Location, [.. call.Arguments]) }
                : expression;
        }
    }
}
