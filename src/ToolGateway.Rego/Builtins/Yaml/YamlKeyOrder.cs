using System.Globalization;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>The order of keys in written YAML: letters behind everything else, and runs of digits by their number.</summary>
internal sealed class YamlKeyOrder : IComparer<string>
{
    public static YamlKeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var a = x!;
        var b = y!;
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] == b[i])
                continue;
            var isLetterA = char.IsLetter(a[i]);
            var isLetterB = char.IsLetter(b[i]);
            if (isLetterA && isLetterB)
                return Values.RegoOrder.CompareText(a, b);
            if (isLetterA || isLetterB)
                return isLetterB ? -1 : 1;
            return CompareNumbers(a, b, i);
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareNumbers(string a, string b, int at)
    {
        var endA = at;
        var endB = at;
        var leading = 0L;
        if (a[at] == '0' || b[at] == '0')
        {
            for (var j = at - 1; j >= 0 && char.IsDigit(a[j]); j--)
                leading = a[j] != '0' ? 1 : leading;
        }

        var numberA = Read(a, ref endA, leading);
        var numberB = Read(b, ref endB, leading);
        if (numberA != numberB)
            return numberA.CompareTo(numberB);
        return endA != endB ? endA.CompareTo(endB) : a[at].CompareTo(b[at]);
    }

    private static long Read(string text, ref int at, long number)
    {
        for (; at < text.Length && char.IsDigit(text[at]); at++)
            number = unchecked((number * 10) + CharUnicodeInfo.GetDecimalDigitValue(text[at]));
        return number;
    }
}
