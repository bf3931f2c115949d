using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    /// <summary><c>p[x]</c> without <c>if</c> and without a value is a partial set in the older dialect.</summary>
    private static RuleHead OldPartialSet(RuleHead head)
    {
        if (head.Arguments is not null || head.Value is not null || head.Reference.Operands.Count != 1)
            return head;
        return head with { Key = head.Reference.Operands[0], Reference = head.Reference with { Operands = [] } };
    }

    private bool CheckRule(RuleHead head, ParsedHead parsed, bool hasBody, bool hasIf, SourceLocation location)
    {
        if (!hasBody && !parsed.HasContains && head is { Key: null, Value: null, Arguments: null, Reference.Operands.Count: 0 })
            return Refuse(location, "var cannot be used for rule name");
        if (_version < 1)
            return true;
        if (!hasBody && !parsed.HasContains && head is { Key: null, Value: null })
            return Refuse(location, $"{TermText.Of(head.Reference)} must have value assignment and/or body declaration");
        if (hasBody && !hasIf)
            return Refuse(location, "`if` keyword is required before rule body");
        if (head.Key is not null && !parsed.HasContains)
            return Refuse(location, "`contains` keyword is required for partial set rules");
        return true;
    }

    /// <summary>What is no rule: says what it is instead, as far as it can be read.</summary>
    private void RefuseStatement()
    {
        var start = _at;
        var literal = ParseLiteral();
        if (literal is null)
            return;
        Error(Since(start), literal switch
        {
            NotExpression => "negated expressions cannot be used for rule head",
            SomeDeclaration or SomeInExpression => "'some' declarations cannot be used for rule head",
            TermExpression { Term: CallTerm { IsInfix: false } } => "rule name conflicts with built-in function",
            TermExpression { Term: CallTerm } => "expression cannot be used for rule head",
            TermExpression term => $"{TermNames.Of(term.Term)} cannot be used for rule name",
            _ => "expression cannot be used for rule head",
        });
    }
}
