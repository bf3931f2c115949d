using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private TemplateTerm? ParseTemplate()
    {
        var start = _at;
        var raw = TextAt(_at)[1] == '`';
        Next();
        var parts = new List<Term>();
        while (!Accept(TokenKind.TemplateEnd))
        {
            if (ParseTemplatePart(raw) is not { } part)
                return null;
            parts.Add(part);
        }

        return new TemplateTerm(parts, Since(start)) { IsRaw = raw };
    }

    private Term? ParseTemplatePart(bool raw)
    {
        if (Kind == TokenKind.TemplateText)
        {
            var text = raw ? StringEscapes.DecodeRawTemplate(TextAt(_at)) : StringEscapes.Decode(TextAt(_at));
            return Constant(new Values.RegoString(text));
        }

        if (!Accept(TokenKind.TemplateOpen))
        {
            Unexpected();
            return null;
        }

        var start = _at;
        if (Kind == TokenKind.TemplateClose)
        {
            Error(Here(), "expected expression in template string");
            return null;
        }

        if (ParseInfix(keyAllowed: true) is not { } term)
            return null;
        var modifiers = Kind == TokenKind.With ? ParseWith() : [];
        if (modifiers is null)
            return null;
        if (!Accept(TokenKind.TemplateClose))
        {
            Unexpected("expected }");
            return null;
        }

        return modifiers.Count == 0 ? term : WithinModifiers(term, modifiers, Since(start));
    }

    /// <summary><c>{e with m}</c> is read as <c>{[v | v = e with m][0]}</c>: terms have no modifiers, and an undefined expression stays undefined.</summary>
    private static RefTerm WithinModifiers(Term term, IReadOnlyList<WithModifier> modifiers, SourceLocation location)
    {
        var name = new VarTerm($"template#{location.Offset}", location);
        var bind = new CallTerm(new RefTerm(new VarTerm("eq", location), [], location), [name, term], location) { IsInfix = true };
        var body = new Body([new TermExpression(bind, location) { With = modifiers }], location);
        return new RefTerm(new ArrayComprehension(name, body, location), [new ScalarTerm(Values.RegoNumber.Of(0), location)], location);
    }
}
