using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>Terms and expressions as OPA prints them in messages.</summary>
internal static class TermText
{
    public static string Of(Term term)
    {
        var text = new StringBuilder();
        Append(text, term);
        return text.ToString();
    }

    public static string Of(Expression expression)
    {
        var text = new StringBuilder();
        ExpressionText.Append(text, expression);
        return text.ToString();
    }

    public static string Of(Body body)
    {
        var text = new StringBuilder();
        ExpressionText.Append(text, body);
        return text.ToString();
    }

    public static void Append(StringBuilder text, Term term)
    {
        switch (term)
        {
            case ScalarTerm scalar:
                text.Append(scalar.Value.ToString());
                break;
            case VarTerm name:
                text.Append(name.IsWildcard ? "_" : name.Name);
                break;
            case RefTerm reference:
                AppendReference(text, reference);
                break;
            case CallTerm call:
                AppendReference(text, call.Operator);
                AppendItems(text, "(", call.Arguments, ")");
                break;
            case TemplateTerm template:
                AppendTemplate(text, template);
                break;
            default:
                AppendComposite(text, term);
                break;
        }
    }

    public static void AppendItems(StringBuilder text, string open, IReadOnlyList<Term> items, string close)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            Append(text, items[i]);
        }

        text.Append(close);
    }

    private static void AppendComposite(StringBuilder text, Term term)
    {
        switch (term)
        {
            case ArrayTerm array:
                AppendItems(text, "[", array.Items, "]");
                break;
            case SetTerm { Items.Count: 0 }:
                text.Append("set()");
                break;
            case SetTerm set:
                AppendItems(text, "{", set.Items, "}");
                break;
            case ObjectTerm map:
                AppendMembers(text, map);
                break;
            case ArrayComprehension array:
                AppendComprehension(text, "[", array.Head, null, array.Body, "]");
                break;
            case SetComprehension set:
                AppendComprehension(text, "{", set.Head, null, set.Body, "}");
                break;
            case ObjectComprehension map:
                AppendComprehension(text, "{", map.Key, map.Value, map.Body, "}");
                break;
        }
    }

    private static void AppendMembers(StringBuilder text, ObjectTerm map)
    {
        text.Append('{');
        for (var i = 0; i < map.Members.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            Append(text, map.Members[i].Key);
            text.Append(": ");
            Append(text, map.Members[i].Value);
        }

        text.Append('}');
    }

    private static void AppendComprehension(StringBuilder text, string open, Term head, Term? value, Body body, string close)
    {
        text.Append(open);
        Append(text, head);
        if (value is not null)
        {
            text.Append(": ");
            Append(text, value);
        }

        text.Append(" | ");
        ExpressionText.Append(text, body);
        text.Append(close);
    }

    private static void AppendReference(StringBuilder text, RefTerm reference)
    {
        Append(text, reference.Head);
        foreach (var operand in reference.Operands)
        {
            if (operand is ScalarTerm { Value: RegoString name } && IsName(name.Value))
            {
                text.Append('.').Append(name.Value);
                continue;
            }

            text.Append('[');
            Append(text, operand);
            text.Append(']');
        }
    }

    private static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && TokenNames.OfWord(text) is TokenKind.Ident or TokenKind.And or TokenKind.Or;

    private static void AppendTemplate(StringBuilder text, TemplateTerm template)
    {
        var quote = template.IsRaw ? '`' : '"';
        text.Append('$').Append(quote);
        foreach (var part in template.Parts)
        {
            if (part is ScalarTerm { Value: RegoString literal })
            {
                var plain = template.IsRaw ? literal.Value : literal.ToString()[1..^1];
                text.Append(plain.Replace("{", "\\{", StringComparison.Ordinal));
                continue;
            }

            text.Append('{');
            Append(text, part);
            text.Append('}');
        }

        text.Append(quote);
    }
}
