using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Successive matches, as Go's FindAll gives them: no empty match right after another match.</summary>
internal static class RegexSearch
{
    public static IEnumerable<int[]> FindAll(GoRegex regex, string text, long most, bool groups, EvaluationBudget budget)
    {
        if (regex.Search(text, groups, budget) is not { } search)
            yield break;
        var previousEnd = -1;
        var count = 0L;
        for (var at = 0; at <= text.Length && (most < 0 || count < most);)
        {
            budget.Step();
            if (search.Find(text, at) is not { } match)
                yield break;
            var accept = true;
            if (match[1] == at)
            {
                accept = match[0] != previousEnd;
                at += WidthAt(text, at);
            }
            else
            {
                at = match[1];
            }

            previousEnd = match[1];
            if (!accept)
                continue;
            count++;
            yield return match;
        }
    }

    /// <summary>UTF-16 units of the code point at <paramref name="at"/>; one at the end, so that a search can step beyond it.</summary>
    public static int WidthAt(string text, int at)
    {
        var width = 1;
        if (at < text.Length)
            RuneText.At(text, at, out width);
        return width;
    }

    /// <summary>Part of <paramref name="text"/>; empty for a group that took no part.</summary>
    public static RegoString Slice(EvaluationBudget budget, string text, int start, int end)
    {
        if (start < 0 || start == end)
            return RegoString.Empty;
        budget.Charge(48 + (2L * (end - start)));
        return new RegoString(text[start..end]);
    }
}
