namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private ParsedHead? ParseHead(bool isDefault)
    {
        var start = _at;
        if (ParseName() is not { } name || FinishReference(name, start, spaceAllowed: true) is not { } term)
            return null;
        if (ReferenceOfHead(term, out var arguments) is not { } reference)
        {
            Unexpected($"rule head {TermText.Of(term)} invalid");
            return null;
        }

        var text = TermText.Of(reference);
        if (Kind == TokenKind.Contains)
            return ParseContainsHead(start, reference, arguments, text);
        Term? value = null;
        var assigned = Kind == TokenKind.Assign;
        if (assigned || Kind == TokenKind.Unify)
        {
            Next();
            var errors = _errors.Count;
            value = ParseInfix(keyAllowed: true);
            if (value is null)
            {
                if (_errors.Count == errors)
                    Unexpected(MissingValue(text, arguments, isDefault));
                return null;
            }
        }

        return new ParsedHead(new RuleHead(reference, arguments, null, value, Since(start)) { IsAssigned = assigned }, HasContains: false);
    }

    private ParsedHead? ParseContainsHead(int start, RefTerm reference, IReadOnlyList<Term>? arguments, string text)
    {
        if (arguments is not null)
        {
            Unexpected($"the contains keyword can only be used with multi-value rule definitions (e.g., {text} contains <VALUE> {{ ... }})");
            return null;
        }

        Next();
        var key = ParseInfix(keyAllowed: true);
        return key is null ? null : new ParsedHead(new RuleHead(reference, null, key, null, Since(start)), HasContains: true);
    }

    private static RefTerm? ReferenceOfHead(Term term, out IReadOnlyList<Term>? arguments)
    {
        arguments = null;
        switch (term)
        {
            case VarTerm:
                return new RefTerm(term, [], term.Location);
            case RefTerm { Head: VarTerm } reference:
                return reference;
            case CallTerm { Operator: { Head: VarTerm } reference } call:
                arguments = call.Arguments;
                return reference;
            default:
                return null;
        }
    }

    private static string MissingValue(string name, IReadOnlyList<Term>? arguments, bool isDefault) => (arguments, isDefault) switch
    {
        ({ Count: > 0 }, _) => $"expected function value term (e.g., {name}(...) := <VALUE> {{ ... }})",
        (_, true) => $"expected default rule value term (e.g., default {name} := <VALUE>)",
        _ => $"expected rule value term (e.g., {name} := <VALUE> {{ ... }})",
    };

    private sealed record ParsedHead(RuleHead Head, bool HasContains);
}
