using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Values;

/// <summary>Quoted strings and characters as Go's <c>strconv</c> writes them.</summary>
internal static class GoQuote
{
    public static string Quote(string text, char quote = '"', bool asciiOnly = false)
    {
        var output = new StringBuilder(text.Length + 2);
        output.Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                AppendRune(output, rune, quote, asciiOnly);
                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                AppendRune(output, Rune.ReplacementChar, quote, asciiOnly);
            }
        }

        return output.Append(quote).ToString();
    }

    public static string QuoteRune(Rune rune, bool asciiOnly = false)
    {
        var output = new StringBuilder("'");
        AppendRune(output, rune, '\'', asciiOnly);
        return output.Append('\'').ToString();
    }

    /// <summary>Letters, marks, numbers, punctuation, symbols and the ASCII space.</summary>
    public static bool IsPrint(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void AppendRune(StringBuilder output, Rune rune, char quote, bool asciiOnly)
    {
        if (rune.Value == quote || rune.Value == '\\')
            output.Append('\\').Append((char)rune.Value);
        else if (IsPrint(rune) && (rune.IsAscii || !asciiOnly))
            output.Append(rune.ToString());
        else
            AppendEscape(output, rune.Value);
    }

    private static void AppendEscape(StringBuilder output, int value)
    {
        _ = value switch
        {
            '\a' => output.Append("\\a"),
            '\b' => output.Append("\\b"),
            '\f' => output.Append("\\f"),
            '\n' => output.Append("\\n"),
            '\r' => output.Append("\\r"),
            '\t' => output.Append("\\t"),
            '\v' => output.Append("\\v"),
            < ' ' or 0x7f => output.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
            < 0x10000 => output.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
            _ => output.Append(CultureInfo.InvariantCulture, $"\\U{value:x8}"),
        };
    }
}
