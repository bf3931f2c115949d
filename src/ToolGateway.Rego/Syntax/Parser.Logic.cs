namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private readonly Dictionary<int, (Body? Body, int End)> _operandBodies = [];

    private bool HasLogic => _keywords.Contains(TokenKind.And) || _keywords.Contains(TokenKind.Or);

    private Expression? ParseLogic() => HasLogic ? ParseOr() : ParseNegation();

    private Expression? ParseOr() => ParseLogicChain(TokenKind.Or, _ => ParseLogicChain(TokenKind.And, ParseLogicOperand));

    private Expression? ParseLogicChain(TokenKind word, Func<int, Expression?> operand)
    {
        var start = _at;
        var left = operand(start);
        var levels = 0;
        while (left is not null && Kind == word)
        {
            if (!Enter())
                return null;
            levels++;
            Next();
            var right = operand(_at);
            if (right is null)
                return null;
            left = new LogicExpression(word == TokenKind.Or, AsBody(left), AsBody(right), Since(start));
        }

        Leave(levels);
        return left;
    }

    /// <summary>An operand: <c>{ body }</c>, a group in parentheses, or a plain expression.</summary>
    private Expression? ParseLogicOperand(int start)
    {
        if (Kind == TokenKind.LeftBrace && TryOperandBody(start) is { } body)
            return new OperandBody(body);
        if (Kind == TokenKind.LeftParen && TryGroup() is { } group)
            return group;
        return ParseNegation();
    }

    private Body? TryOperandBody(int start)
    {
        var state = Save();
        var after = start > 0 && KindAt(start - 1) is TokenKind.And or TokenKind.Or;
        if (!_operandBodies.TryGetValue(start, out var found))
        {
            var body = ParseBracedBody();
            _operandBodies[start] = found = (body, _at);
        }

        _at = found.End;
        if (found.Body is not null && (Kind is TokenKind.And or TokenKind.Or || (after && !IsInfix(Kind))))
            return found.Body;
        Restore(state);
        return null;
    }

    private LogicExpression? TryGroup()
    {
        var state = Save();
        if (!Enter())
            return null;
        Next();
        var inner = ParseOr() as LogicExpression;
        Leave();
        if (inner is not null && Accept(TokenKind.RightParen) && !IsInfix(Kind))
            return inner;
        Restore(state);
        return null;
    }

    private Expression? ParseNegation()
    {
        if (Kind != TokenKind.Not)
            return ParseExpression();
        var start = _at;
        Next();
        if (Kind is TokenKind.Some or TokenKind.Every)
        {
            Unexpected($"illegal negation of '{TokenNames.Of(Kind)}'");
            return null;
        }

        return NegatedBody() is { } body ? new NotExpression(body, Since(start)) { IsScoped = ScopedNot } : null;
    }

    private Body? NegatedBody()
    {
        var start = _at;
        if (ScopedNot && Kind == TokenKind.LeftBrace)
        {
            var state = Save();
            if (ParseBracedBody() is { } body && !IsInfix(Kind))
                return body;
            Restore(state);
        }

        if (HasLogic && Kind == TokenKind.LeftParen && TryGroup() is { } group)
            return new Body([group], Since(start));
        return ParseExpression() is { } expression ? new Body([expression], Since(start)) : null;
    }

    private TermExpression? ParseExpression()
    {
        var start = _at;
        if (ParseInfix(keyAllowed: true) is not { } left)
            return null;
        if (Kind is not (TokenKind.Assign or TokenKind.Unify))
            return new TermExpression(left, Since(start));
        var operation = OperatorAt(_at);
        Next();
        if (ParseInfix(keyAllowed: true) is not { } right)
            return null;
        var call = new CallTerm(operation, [left, right], Since(start)) { IsInfix = true };
        return new TermExpression(call, call.Location);
    }

    private static Body AsBody(Expression expression) =>
        expression is OperandBody operand ? operand.Body : new Body([expression], expression.Location);

    /// <summary>A body in braces while its operator is still being read; never part of a tree.</summary>
    private sealed record OperandBody(Body Body) : Expression(Body.Location);
}
