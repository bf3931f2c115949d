namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private const int LowestPrecedence = 1;

    /// <summary>A term with operators, membership included. <paramref name="keyAllowed"/>: whether <c>k, v in xs</c> may stand here; in lists it may not.</summary>
    private Term? ParseInfix(bool keyAllowed)
    {
        if (!Enter())
            return null;
        var start = _at;
        var term = ParseOperators(LowestPrecedence);
        if (term is not null && keyAllowed && Kind == TokenKind.Comma)
            term = ParseKeyMembership(term, start);
        var levels = 1;
        while (term is not null && Kind == TokenKind.In)
        {
            levels++;
            term = Enter() ? ParseMembership([term], start) : null;
        }

        Leave(levels);
        return term;
    }

    private Term? ParseKeyMembership(Term key, int start)
    {
        var state = Save();
        Next();
        if (ParseOperators(LowestPrecedence) is { } value && Kind == TokenKind.In)
            return ParseMembership([key, value], start);
        Restore(state);
        return key;
    }

    private CallTerm? ParseMembership(List<Term> arguments, int start)
    {
        var at = _at;
        Next();
        if (ParseOperators(LowestPrecedence) is not { } collection)
            return null;
        arguments.Add(collection);
        var location = _source.At(_tokens[at].Start, _tokens[at].End);
        var name = Text(arguments.Count == 2 ? "member_2" : "member_3", location);
        return new CallTerm(new RefTerm(new VarTerm("internal", location), [name], location), arguments, Since(start)) { IsInfix = true };
    }

    /// <summary>Binary operators by precedence, from the left.</summary>
    private Term? ParseOperators(int lowest)
    {
        var start = _at;
        var left = ParseTerm();
        var levels = 0;
        while (left is not null && Precedence(Kind) is var precedence && precedence >= lowest)
        {
            if (!Enter())
                return null;
            levels++;
            var operation = OperatorAt(_at);
            Next();
            if (ParseOperators(precedence + 1) is not { } right)
                return null;
            left = new CallTerm(operation, [left, right], Since(start)) { IsInfix = true };
        }

        Leave(levels);
        return left;
    }

    private RefTerm OperatorAt(int index)
    {
        var location = _source.At(_tokens[index].Start, _tokens[index].End);
        return new RefTerm(new VarTerm(TokenNames.Of(_tokens[index].Kind), location), [], location);
    }

    private static bool IsInfix(TokenKind kind) => Precedence(kind) > 0 || kind is TokenKind.In or TokenKind.Assign or TokenKind.Unify;

    private static int Precedence(TokenKind kind) => kind switch
    {
        TokenKind.Equal or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessEqual or TokenKind.Greater or TokenKind.GreaterEqual => 1,
        TokenKind.Pipe => 2,
        TokenKind.Ampersand => 3,
        TokenKind.Plus or TokenKind.Minus => 4,
        TokenKind.Star or TokenKind.Slash or TokenKind.Percent => 5,
        _ => 0,
    };
}
