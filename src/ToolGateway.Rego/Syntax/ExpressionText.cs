using System.Text;

namespace ToolGateway.Rego.Syntax;

/// <summary>Expressions and bodies as OPA prints them in messages.</summary>
internal static class ExpressionText
{
    public static void Append(StringBuilder text, Body body)
    {
        for (var i = 0; i < body.Expressions.Count; i++)
        {
            if (i > 0)
                text.Append("; ");
            Append(text, body.Expressions[i]);
        }
    }

    public static void Append(StringBuilder text, Expression expression)
    {
        AppendPlain(text, expression);
        foreach (var modifier in expression.With)
        {
            text.Append(" with ");
            TermText.Append(text, modifier.Target);
            text.Append(" as ");
            TermText.Append(text, modifier.Value);
        }
    }

    private static void AppendPlain(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case TermExpression { Term: CallTerm { Operator: { Head: VarTerm { Name: "eq" }, Operands.Count: 0 }, Arguments.Count: 2 } call }:
                TermText.Append(text, call.Arguments[0]);
                text.Append(" = ");
                TermText.Append(text, call.Arguments[1]);
                break;
            case TermExpression term:
                TermText.Append(text, term.Term);
                break;
            case NotExpression not:
                AppendNot(text, not);
                break;
            case SomeDeclaration some:
                TermText.AppendItems(text, "some ", some.Names, "");
                break;
            case SomeInExpression some:
                AppendDomain(text, "some ", some.Key, some.Value, some.Collection);
                break;
            case EveryExpression every:
                AppendDomain(text, "every ", every.Key, every.Value, every.Collection);
                AppendBraced(text.Append(' '), every.Body);
                break;
            case LogicExpression logic:
                AppendOperand(text, logic.Left);
                text.Append(logic.IsOr ? " or " : " and ");
                AppendOperand(text, logic.Right);
                break;
        }
    }

    private static void AppendNot(StringBuilder text, NotExpression not)
    {
        text.Append("not ");
        AppendOperand(text, not.Body);
    }

    private static void AppendOperand(StringBuilder text, Body body)
    {
        if (body.Expressions.Count == 1)
            Append(text, body.Expressions[0]);
        else
            AppendBraced(text, body);
    }

    private static void AppendBraced(StringBuilder text, Body body)
    {
        text.Append("{ ");
        Append(text, body);
        text.Append(" }");
    }

    private static void AppendDomain(StringBuilder text, string word, Term? key, Term value, Term collection)
    {
        text.Append(word);
        if (key is not null)
        {
            TermText.Append(text, key);
            text.Append(", ");
        }

        TermText.Append(text, value);
        text.Append(" in ");
        TermText.Append(text, collection);
    }
}
