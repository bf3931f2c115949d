namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private Term? ParseArray()
    {
        var start = _at;
        Next();
        var state = Save();

        // "[x | …" is a comprehension whenever it can be one; otherwise the bar is the operator.
        if (Kind != TokenKind.RightBracket && Kind != TokenKind.Comma && ParseTerm() is { } head && Accept(TokenKind.Pipe))
        {
            if (ParseQuery(TokenKind.RightBracket) is { } body)
            {
                Next();
                return new ArrayComprehension(head, body, Since(start));
            }

            if (Kind != TokenKind.Comma)
                return null;
        }

        Restore(state);
        Accept(TokenKind.Comma);
        return ParseList(TokenKind.RightBracket) is { } items ? new ArrayTerm(items, Since(start)) : null;
    }

    /// <summary>A set, an object, or a comprehension of one of them.</summary>
    private Term? ParseBraces()
    {
        var start = _at;
        Next();
        if (Accept(TokenKind.RightBrace))
            return new ObjectTerm([], Since(start));
        var comprehension = !Accept(TokenKind.Comma);
        var state = Save();
        if (ParseTerm() is not { } head)
            return null;
        switch (Kind)
        {
            case TokenKind.Pipe when comprehension:
                return ParseSetComprehension(start, head, state);
            case TokenKind.Colon:
                return ParseObject(start, head, comprehension);
        }

        Restore(state);
        if (ParseInfix(keyAllowed: false) is not { } first)
            return null;
        if (Kind == TokenKind.Colon)
            return ParseObject(start, first, comprehension);
        if (Kind is TokenKind.RightBrace or TokenKind.Comma)
            return FinishSet(start, first);
        Unexpected("non-terminated set");
        return null;
    }

    private Term? ParseSetComprehension(int start, Term head, State state)
    {
        Next();
        if (ParseQuery(TokenKind.RightBrace) is { } body)
        {
            Next();
            return new SetComprehension(head, body, Since(start));
        }

        if (Kind != TokenKind.Comma)
            return null;
        Restore(state);
        return ParseInfix(keyAllowed: false) is { } first ? FinishSet(start, first) : null;
    }

    private SetTerm? FinishSet(int start, Term first)
    {
        Accept(TokenKind.Comma);
        return ParseList(TokenKind.RightBrace, [first]) is { } items ? new SetTerm(items, Since(start)) : null;
    }

    private Term? ParseObject(int start, Term key, bool comprehension)
    {
        Next();
        var state = Save();
        if (ParseTerm() is not { } value)
            return null;
        if (comprehension && Accept(TokenKind.Pipe))
        {
            if (ParseQuery(TokenKind.RightBrace) is { } body)
            {
                Next();
                return new ObjectComprehension(key, value, body, Since(start));
            }

            if (Kind != TokenKind.Comma)
                return null;
        }

        Restore(state);
        if (ParseInfix(keyAllowed: false) is not { } first)
            return null;
        if (Kind is TokenKind.RightBrace or TokenKind.Comma)
            return FinishObject(start, new ObjectTermMember(key, first));
        Unexpected("non-terminated object");
        return null;
    }

    private ObjectTerm? FinishObject(int start, ObjectTermMember first)
    {
        var members = new List<ObjectTermMember> { first };
        Accept(TokenKind.Comma);
        while (!Accept(TokenKind.RightBrace))
        {
            if (ParseInfix(keyAllowed: false) is not { } key)
                return null;
            if (!Accept(TokenKind.Colon))
            {
                Unexpected("expected \":\"");
                return null;
            }

            if (ParseInfix(keyAllowed: false) is not { } value)
                return null;
            members.Add(new ObjectTermMember(key, value));
            if (Kind != TokenKind.RightBrace && !Accept(TokenKind.Comma))
            {
                Unexpected("expected \",\" or \"}\"");
                return null;
            }
        }

        return new ObjectTerm(members, Since(start));
    }
}
