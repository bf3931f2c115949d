using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Which variables an expression binds, given those that are bound already.</summary>
internal sealed class OutputVariables(Func<CallTerm, int?> arityOf)
{
    public HashSet<string> Of(Expression expression, HashSet<string> safe)
    {
        var output = new HashSet<string>(StringComparer.Ordinal);
        foreach (var with in expression.With)
        {
            if (!VariableSets.Of(with.Value).IsSubsetOf(safe))
                return output;
        }

        switch (expression)
        {
            case TermExpression { Term: CallTerm call } when TermFacts.IsCall(expression, "eq", out _):
                OfEquation(call, safe, output);
                break;
            case TermExpression { Term: CallTerm call }:
                OfCall(call, safe, output);
                break;
            case TermExpression term:
                OfReferences(term.Term, safe, output);
                break;
            case EveryExpression every:
                OfReferences(every.Collection, safe, output);
                break;
        }

        output.RemoveWhere(safe.Contains);
        return output;
    }

    private static void OfEquation(CallTerm call, HashSet<string> safe, HashSet<string> output)
    {
        OfReferences(call, safe, output);
        new UnificationSafety(safe, output).Unify(call.Arguments[0], call.Arguments[1]);
    }

    private void OfCall(CallTerm call, HashSet<string> safe, HashSet<string> output)
    {
        OfReferences(call, safe, output);
        if (arityOf(call) is not { } arity || arity >= call.Arguments.Count)
            return;
        var inputs = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < arity; i++)
            inputs.UnionWith(VariableSets.Of(call.Arguments[i]));
        inputs.ExceptWith(output);
        if (!inputs.IsSubsetOf(safe))
        {
            output.Clear();
            return;
        }

        for (var i = arity; i < call.Arguments.Count; i++)
            VariableSets.Pattern(call.Arguments[i], output);
    }

    /// <summary>Operands of references whose head is known.</summary>
    private static void OfReferences(Term term, HashSet<string> safe, HashSet<string> output) => new ReferenceOutputs(safe, output).Visit(term);

    private sealed class ReferenceOutputs(HashSet<string> safe, HashSet<string> output) : SyntaxWalker
    {
        protected override void VisitReference(RefTerm reference)
        {
            if (!TermFacts.IsRooted(reference) && !(reference.Head is VarTerm head && (safe.Contains(head.Name) || output.Contains(head.Name))))
                return;
            foreach (var operand in reference.Operands)
            {
                if (operand is RefTerm)
                    Visit(operand);
                else
                    VariableSets.Pattern(operand, output);
            }
        }

        protected override void VisitComprehension(Term comprehension)
        {
        }
    }
}
