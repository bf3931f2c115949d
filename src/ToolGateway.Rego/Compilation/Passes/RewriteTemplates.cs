using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>
/// Template strings and <c>print</c> become calls of internal built-ins. Each expression in them is wrapped in a comprehension, so that an undefined one shows as such
/// and does not make the whole undefined.
/// </summary>
internal static class RewriteTemplates
{
    public static void Run(CompilerState state)
    {
        foreach (var unit in state.OpenRules)
            unit.Rule = new Rewriter(unit).RewriteRule(unit.Rule);
    }

    private sealed class Rewriter(RuleUnit unit) : SyntaxRewriter
    {
        public override Term Rewrite(Term term)
        {
            if (term is not TemplateTerm template)
                return base.Rewrite(term);
            Term[] parts = [.. template.Parts.Select(part => part is ScalarTerm ? part : Wrap(Rewrite(part)))];
            return TermFacts.Call("internal.template_string", term.Location, new ArrayTerm(parts, term.Location));
        }

        public override Expression Rewrite(Expression expression)
        {
            if (!TermFacts.IsCall(expression, "print", out var call))
                return base.Rewrite(expression);
            Term[] parts = [.. call.Arguments.Select(part => Wrap(Rewrite(part)))];
            var print = TermFacts.Call("internal.print", call.Location, new ArrayTerm(parts, call.Location));
            return new TermExpression(print, expression.Location) { With = [.. expression.With.Select(RewriteModifier)] };
        }

        private SetComprehension Wrap(Term part)
        {
            var variable = unit.Fresh(part.Location);
            return new SetComprehension(variable, new Body([TermFacts.Unify(variable, part, part.Location)], part.Location), part.Location);
        }
    }
}
