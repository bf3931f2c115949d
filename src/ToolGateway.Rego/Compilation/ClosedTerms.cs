using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Whether a term has the same value wherever it stands: it uses none of the variables that are bound around it, and prints nothing.</summary>
internal sealed class ClosedTerms(IReadOnlySet<string> bound) : SyntaxWalker
{
    private bool _isOpen;

    public static bool IsClosed(Term term, IReadOnlySet<string> bound)
    {
        var walker = new ClosedTerms(bound);
        walker.Visit(term);
        return !walker._isOpen;
    }

    protected override void VisitVariable(VarTerm variable) => _isOpen |= bound.Contains(variable.Name);

    protected override void VisitCall(CallTerm call)
    {
        _isOpen |= TermFacts.OperatorName(call) is "internal.print" or "trace";
        base.VisitCall(call);
    }
}
