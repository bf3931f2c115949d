using System.Text;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Replacement of all matches; <c>$1</c>, <c>${name}</c> and <c>$$</c> in the replacement mean what they mean in Go.</summary>
internal static class RegexReplacement
{
    public static string Replace(GoRegex regex, string text, string template, EvaluationBudget budget)
    {
        var result = new StringBuilder();
        if (regex.Search(text, template.Contains('$', StringComparison.Ordinal), budget) is not { } search)
            return text;
        var lastEnd = 0;
        for (var at = 0; at <= text.Length;)
        {
            budget.Step();
            if (search.Find(text, at) is not { } match)
                break;
            Append(result, text.AsSpan(lastEnd, match[0] - lastEnd), budget);
            if (match[1] > lastEnd || match[0] == 0)
                Expand(result, regex, text, match, template, budget);
            lastEnd = match[1];
            at = Math.Max(at + RegexSearch.WidthAt(text, at), match[1]);
        }

        Append(result, text.AsSpan(lastEnd), budget);
        return result.ToString();
    }

    private static void Expand(StringBuilder result, GoRegex regex, string text, int[] match, string template, EvaluationBudget budget)
    {
        var rest = template.AsSpan();
        while (rest.IndexOf('$') is var dollar and >= 0)
        {
            Append(result, rest[..dollar], budget);
            rest = rest[(dollar + 1)..];
            if (rest.StartsWith('$'))
            {
                result.Append('$');
                rest = rest[1..];
            }
            else if (TryReadName(rest, out var name, out var taken))
            {
                var group = GroupOf(regex, match, name);
                if (group >= 0)
                    Append(result, text.AsSpan(match[2 * group], match[(2 * group) + 1] - match[2 * group]), budget);
                rest = rest[taken..];
            }
            else
            {
                result.Append('$');
            }
        }

        Append(result, rest, budget);
    }

    private static bool TryReadName(ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out int taken)
    {
        var braced = rest.StartsWith('{');
        var start = braced ? 1 : 0;
        taken = start;
        while (taken < rest.Length && IsNameRune(rest, taken, out var width))
            taken += width;
        name = rest[start..taken];
        if (name.IsEmpty)
            return false;
        if (!braced)
            return true;
        return taken < rest.Length && rest[taken++] == '}';
    }

    private static bool IsNameRune(ReadOnlySpan<char> text, int at, out int width)
    {
        var rune = RuneText.At(text, at, out width);
        return rune == '_' || (Rune.IsValid(rune) && (Rune.IsLetter(new Rune(rune)) || Rune.IsDigit(new Rune(rune))));
    }

    private static int GroupOf(GoRegex regex, int[] match, ReadOnlySpan<char> name)
    {
        // A number with a leading zero, or of more than eight digits, is a name.
        var isNumber = name.Length <= 9 && !name.ContainsAnyExceptInRange('0', '9') && (name[0] != '0' || name.Length == 1);
        if (isNumber)
        {
            var number = int.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
            return number < match.Length / 2 && match[2 * number] >= 0 ? number : -1;
        }

        for (var i = 1; i < regex.Names.Count && i < match.Length / 2; i++)
        {
            if (name.SequenceEqual(regex.Names[i]) && match[2 * i] >= 0)
                return i;
        }

        return -1;
    }

    private static void Append(StringBuilder result, ReadOnlySpan<char> text, EvaluationBudget budget)
    {
        budget.Charge(2L * text.Length);
        result.Append(text);
    }
}
