using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private Term? ParseTerm()
    {
        var start = _at;
        if (_terms.TryGetValue(start, out var known))
        {
            _at = known.End;
            _errors.AddRange(known.Errors);
            return known.Term;
        }

        var errors = _errors.Count;
        if (!Enter())
            return null;
        var term = ParsePrimary();
        if (term is not null)
            term = FinishReference(term, start, spaceAllowed: false);
        Leave();
        _terms[start] = new Remembered(term, _at, errors == _errors.Count ? [] : [.. _errors.Skip(errors)]);
        return term;
    }

    private Term? ParsePrimary()
    {
        switch (Kind)
        {
            case TokenKind.Null:
                return Constant(RegoNull.Value);
            case TokenKind.True:
                return Constant(RegoBoolean.True);
            case TokenKind.False:
                return Constant(RegoBoolean.False);
            case TokenKind.Number or TokenKind.Minus or TokenKind.Dot:
                return ParseNumber();
            case TokenKind.String or TokenKind.RawString:
                return ParseString();
            case TokenKind.TemplateStart:
                return ParseTemplate();
            case TokenKind.Ident or TokenKind.Contains:
                return ParseName();
            case TokenKind.LeftBracket:
                return ParseArray();
            case TokenKind.LeftBrace:
                return ParseBraces();
            case TokenKind.LeftParen:
                return ParseParentheses();
            default:
                Unexpected();
                return null;
        }
    }

    private ScalarTerm Constant(RegoValue value)
    {
        var term = new ScalarTerm(value, Here());
        Next();
        return term;
    }

    private VarTerm? ParseName()
    {
        if (!TokenNames.IsWord(_tokens[_at].Kind))
        {
            Unexpected("expected ident");
            return null;
        }

        var name = TextAt(_at).ToString();
        var location = Here();
        Next();
        return name == "_" ? Wildcard(location) : new VarTerm(name, location);
    }

    private VarTerm Wildcard(SourceLocation location) =>
        new(VarTerm.WildcardPrefix + _wildcards++.ToString(System.Globalization.CultureInfo.InvariantCulture), location);

    private ScalarTerm? ParseNumber()
    {
        var start = _at;
        var text = "";
        if (Accept(TokenKind.Minus))
            text = "-";
        if (Accept(TokenKind.Dot))
            text += "0.";
        if (Kind != TokenKind.Number)
        {
            if (Kind == TokenKind.Illegal)
                Unexpected();
            else
                Unexpected("expected number");
            return null;
        }

        var digits = TextAt(_at);
        if (text.EndsWith('.') && digits.Contains('.'))
        {
            Error(Since(start), "invalid float");
            return null;
        }

        text += digits.ToString();
        Next();
        return new ScalarTerm(RegoNumber.Parse(text), Since(start));
    }

    private ScalarTerm ParseString()
    {
        var text = TextAt(_at)[1..^1];
        var value = Kind == TokenKind.RawString ? text.ToString() : StringEscapes.Decode(text);
        return Constant(new RegoString(value));
    }

    private Term? ParseParentheses()
    {
        Next();
        if (ParseInfix(keyAllowed: true) is not { } term)
            return null;
        if (Accept(TokenKind.RightParen))
            return term;
        Error(Here(), "non-terminated expression");
        return null;
    }

    private static ScalarTerm Text(string text, SourceLocation location) => new(new RegoString(text), location);
}
