using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private void ParseRules()
    {
        var start = _at;
        var isDefault = Accept(TokenKind.Default);
        if (Kind != TokenKind.Ident)
        {
            RefuseStatement();
            return;
        }

        if (ParseHead(isDefault) is not { } parsed)
            return;
        if (isDefault)
            AddDefault(start, parsed);
        else
            ParseRuleBodies(start, parsed);
    }

    private void AddDefault(int start, ParsedHead parsed)
    {
        var location = Since(start);
        if (!DefaultRules.Check(parsed.Head, location, Error))
            return;
        AddRule(start, new Rule(parsed.Head, TrueBody(location), location) { IsDefault = true });
    }

    private void ParseRuleBodies(int start, ParsedHead parsed)
    {
        var hasIf = Accept(TokenKind.If);
        var hasBody = hasIf || Kind == TokenKind.LeftBrace;
        var body = !hasBody ? TrueBody(parsed.Head.Location) : hasIf ? ParseIfBody() : ParseBracedBody();
        if (body is null)
            return;
        var head = hasIf || parsed.HasContains ? parsed.Head : OldPartialSet(parsed.Head);
        if (!CheckRule(head, parsed, hasBody, hasIf, Since(start)))
            return;
        Rule? otherwise = null;
        if (Kind == TokenKind.Else && !ParseElseOf(head, hasBody, out otherwise))
            return;
        AddRule(start, new Rule(head, body, Since(start)) { Else = otherwise });
        while (hasBody && Kind == TokenKind.LeftBrace)
        {
            if (otherwise is not null)
            {
                Error(Here(), "expected else keyword");
                return;
            }

            var next = _at;
            if (ParseBracedBody() is not { } more)
                return;
            AddRule(next, new Rule(head, more, Since(next)));
        }
    }

    private bool ParseElseOf(RuleHead head, bool hasBody, out Rule? otherwise)
    {
        otherwise = null;
        if (!hasBody)
        {
            // A rule that always holds has no other branch; OPA reads the word as the start of a statement.
            Unexpected();
            return false;
        }

        if (head.Reference.Operands.Any(static operand => operand is not ScalarTerm))
            return Refuse(Here(), "else keyword cannot be used on rules with variables in head");
        if (head.Key is not null)
            return Refuse(Here(), "else keyword cannot be used on multi-value rules");
        otherwise = ParseElse(head);
        return otherwise is not null;
    }

    private Rule? ParseElse(RuleHead of)
    {
        var start = _at;
        if (!Enter())
            return null;
        Next();
        Term? value = null;
        var assigned = Kind == TokenKind.Assign;
        if (assigned || Kind == TokenKind.Unify)
        {
            Next();
            value = ParseInfix(keyAllowed: true);
            if (value is null)
                return null;
        }
        else if (Kind is not (TokenKind.LeftBrace or TokenKind.If))
        {
            Unexpected("expected else value term or rule body");
            return null;
        }

        var head = of with { Value = value, IsAssigned = assigned, Arguments = FreshWildcards(of.Arguments), Location = Since(start) };
        var rule = ParseElseBody(start, head);
        Leave();
        return rule;
    }

    private Rule? ParseElseBody(int start, RuleHead head)
    {
        var hasIf = Accept(TokenKind.If);
        if (!hasIf && Kind != TokenKind.LeftBrace)
            return new Rule(head, TrueBody(head.Location), Since(start));
        if (!hasIf && _version >= 1)
            Error(head.Location, "`if` keyword is required before rule body");
        var body = hasIf ? ParseIfBody() : ParseBracedBody();
        if (body is null)
            return null;
        Rule? otherwise = null;
        if (Kind == TokenKind.Else)
        {
            otherwise = ParseElse(head);
            if (otherwise is null)
                return null;
        }

        return new Rule(head, body, Since(start)) { Else = otherwise };
    }

    /// <summary>What follows <c>if</c>: one literal, or a body in braces. <c>{ true }</c> is a body and not a set.</summary>
    private Body? ParseIfBody()
    {
        var start = _at;
        var state = Save();
        if (Kind == TokenKind.Eof)
        {
            Unexpected("rule body expected");
            return null;
        }

        var literal = ParseLiteral();
        if (literal is not (null or TermExpression { Term: SetTerm }))
            return new Body([literal], Since(start));
        if (_tokens[start].Kind != TokenKind.LeftBrace)
            return literal is null ? null : new Body([literal], Since(start));
        Restore(state);
        return ParseBracedBody();
    }

    private IReadOnlyList<Term>? FreshWildcards(IReadOnlyList<Term>? arguments) =>
        arguments is null ? null : [.. arguments.Select(term => term is VarTerm { IsWildcard: true } ? Wildcard(term.Location) : term)];

    private void AddRule(int start, Rule rule)
    {
        _rules.Add(rule);
        _statements.Add(new Statement(_tokens[start].Start, rule, rule));
    }

    private static Body TrueBody(SourceLocation location) =>
        new([new TermExpression(new ScalarTerm(RegoBoolean.True, location), location)], location);
}
