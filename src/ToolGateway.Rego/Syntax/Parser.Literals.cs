namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    /// <summary><c>{ query }</c></summary>
    private Body? ParseBracedBody()
    {
        Next();
        var body = ParseQuery(TokenKind.RightBrace);
        if (body is not null)
            Next();
        return body;
    }

    /// <summary>Literals up to <paramref name="end"/>, which is left for the caller.</summary>
    private Body? ParseQuery(TokenKind end)
    {
        if (Kind == end)
        {
            Error(Here(), "found empty body");
            return null;
        }

        if (!Enter())
            return null;
        var start = _at;
        var literals = new List<Expression>();
        while (true)
        {
            if (ParseLiteral() is not { } literal)
                return null;
            literals.Add(literal);
            if (Accept(TokenKind.Semicolon))
                continue;
            if (Kind == end)
                break;
            if (_tokens[_at].AfterNewline && Kind != TokenKind.Eof)
                continue;
            Unexpected($"expected \\n or {TokenNames.Of(end)} or ;");
            return null;
        }

        Leave();
        return new Body(literals, Since(start));
    }

    private Expression? ParseLiteral()
    {
        var start = _at;
        var literal = Kind switch
        {
            TokenKind.Some => ParseSome(),
            TokenKind.Every => ParseEvery(),
            _ => ParseLogic(),
        };
        if (literal is null || Kind != TokenKind.With)
            return literal;
        return ParseWith() is { } with ? literal with { With = with, Location = Since(start) } : null;
    }

    private List<WithModifier>? ParseWith()
    {
        var modifiers = new List<WithModifier>();
        while (Kind == TokenKind.With)
        {
            var start = _at;
            Next();
            if (Kind != TokenKind.Ident)
            {
                Unexpected("expected ident");
                return null;
            }

            if (ParseTerm() is not { } target)
                return null;
            if (target is not (RefTerm or VarTerm))
            {
                Unexpected("expected with target path");
                return null;
            }

            if (!Accept(TokenKind.As))
            {
                Unexpected("expected as keyword");
                return null;
            }

            if (ParseInfix(keyAllowed: true) is not { } value)
                return null;
            modifiers.Add(new WithModifier(target, value, Since(start)));
        }

        return modifiers;
    }

    private Expression? ParseSome()
    {
        var start = _at;
        Next();
        var state = Save();
        if (ParseInfix(keyAllowed: true) is CallTerm call)
        {
            if (Membership(call) is { } parts)
                return new SomeInExpression(parts.Key, parts.Value, parts.Collection, Since(start));
            Restore(state);
            Unexpected("expected `x in xs` or `x, y in xs` expression");
            return null;
        }

        Restore(state);
        var names = new List<VarTerm>();
        do
        {
            if (Kind != TokenKind.Ident || ParseName() is not VarTerm name)
            {
                Unexpected("expected var");
                return null;
            }

            names.Add(name);
        }
        while (Accept(TokenKind.Comma));
        return new SomeDeclaration(names, Since(start));
    }

    private EveryExpression? ParseEvery()
    {
        var start = _at;
        Next();
        if (ParseInfix(keyAllowed: true) is not { } domain)
            return null;
        if (domain is not CallTerm call || Membership(call) is not { } parts)
        {
            Unexpected("expected `x[, y] in xs { ... }` expression");
            return null;
        }

        if (parts.Key is not (null or VarTerm))
        {
            Unexpected("expected key to be a variable");
            return null;
        }

        if (parts.Value is not VarTerm)
        {
            Unexpected("expected value to be a variable");
            return null;
        }

        if (Kind != TokenKind.LeftBrace)
        {
            Unexpected("missing body");
            return null;
        }

        return ParseBracedBody() is { } body ? new EveryExpression(parts.Key, parts.Value, parts.Collection, body, Since(start)) : null;
    }

    private static (Term? Key, Term Value, Term Collection)? Membership(CallTerm call)
    {
        if (!call.IsInfix || call.Operator is not { Head: VarTerm { Name: "internal" } })
            return null;
        var arguments = call.Arguments;
        return arguments.Count == 3 ? (arguments[0], arguments[1], arguments[2]) : (null, arguments[0], arguments[1]);
    }
}
