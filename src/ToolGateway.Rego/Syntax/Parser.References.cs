namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    /// <summary>Reads the <c>.a</c>, <c>[b]</c> and <c>(c)</c> that follow <paramref name="head"/> without white space between.</summary>
    private Term? FinishReference(Term head, int start, bool spaceAllowed)
    {
        var term = head;
        var operands = new List<Term>();
        var levels = 0;
        var spaced = spaceAllowed;
        while (Kind is TokenKind.Dot or TokenKind.LeftBracket or TokenKind.LeftParen && (spaced || !_tokens[_at].AfterSpace))
        {
            spaced = false;
            if (!CanBeHead(term, operands, start))
                return null;
            if (Kind == TokenKind.LeftParen)
            {
                if (!Enter() || ParseCall(AsReference(term, operands, start), start) is not { } call)
                    return null;
                levels++;
                term = call;
                operands = [];
            }
            else if (ParseOperand() is { } operand)
            {
                operands.Add(operand);
            }
            else
            {
                return null;
            }
        }

        Leave(levels);
        return operands.Count == 0 ? term : AsReference(term, operands, start);
    }

    private bool CanBeHead(Term term, List<Term> operands, int start)
    {
        var refused = Kind == TokenKind.LeftParen ? term is not VarTerm : term is ScalarTerm or TemplateTerm || (term is RefTerm && operands.Count == 0);
        return !refused || Refuse(Since(start), $"illegal ref (head cannot be {TermNames.Of(term)})");
    }

    private RefTerm AsReference(Term head, List<Term> operands, int start) => new(head, operands, Since(start));

    private Term? ParseOperand()
    {
        if (Accept(TokenKind.Dot))
        {
            if (!TokenNames.IsWord(_tokens[_at].Kind) || _tokens[_at].AfterSpace)
            {
                Unexpected("expected ident");
                return null;
            }

            var name = Text(TextAt(_at).ToString(), Here());
            Next();
            return name;
        }

        Next();
        if (ParseInfix(keyAllowed: true) is not { } term)
            return null;
        if (Accept(TokenKind.RightBracket))
            return term;
        Unexpected("expected ]");
        return null;
    }

    private Term? ParseCall(RefTerm operation, int start)
    {
        Next();
        if (ParseList(TokenKind.RightParen) is not { } arguments)
            return null;
        if (arguments.Count == 0 && operation is { Head: VarTerm { Name: "set" }, Operands.Count: 0 })
            return new SetTerm([], Since(start));
        return new CallTerm(operation, arguments, Since(start));
    }

    /// <summary>Terms between commas up to <paramref name="end"/>, which is passed. A last comma is allowed.</summary>
    private List<Term>? ParseList(TokenKind end, List<Term>? first = null)
    {
        var items = first ?? [];
        while (!Accept(end))
        {
            if (ParseInfix(keyAllowed: false) is not { } term)
                return null;
            items.Add(term);
            if (Kind != end && !Accept(TokenKind.Comma))
            {
                Unexpected($"expected \",\" or \"{TokenNames.Of(end)}\"");
                return null;
            }
        }

        return items;
    }
}
