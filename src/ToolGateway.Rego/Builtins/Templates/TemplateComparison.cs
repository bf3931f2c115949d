using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>eq, lt and the others: only values of the same basic kind compare.</summary>
internal static class TemplateComparison
{
    public static bool Equal(object? a, object? b)
    {
        if (a is null or RegoNull || b is null or RegoNull)
            return a is null or RegoNull && b is null or RegoNull;
        if (a is RegoBoolean x && b is RegoBoolean y)
            return x.Value == y.Value;
        return Compare(a, b) == 0;
    }

    public static int Compare(object? a, object? b) => (a, b) switch
    {
        (long x, long y) => x.CompareTo(y),
        (double x, double y) => x.CompareTo(y),
        _ when Text(a) is { } x && Text(b) is { } y => RegoOrder.CompareText(x, y),
        _ when a is RegoArray or RegoObject || b is RegoArray or RegoObject => throw new TemplateException("template: non-comparable types"),
        _ => throw new TemplateException("template: incompatible types for comparison"),
    };

    private static string? Text(object? value) => value switch { RegoString text => text.Value, RegoNumber number => number.ToText(), _ => null };
}
