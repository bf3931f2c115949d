using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>Paths of json.filter, json.remove and json.patch: <c>"a/b~1c/0"</c> or an array of segments.</summary>
internal static class JsonPath
{
    /// <summary>Segments of a path, or null when it is neither a string nor an array.</summary>
    public static RegoValue[]? Parse(RegoValue path)
    {
        if (path is RegoArray segments)
            return segments.Items.ToArray();
        if (path is not RegoString { Value: var text })
            return null;
        if (text.Length == 0)
            return [];
        return Array.ConvertAll(text.TrimStart('/').Split('/'), part => (RegoValue)new RegoString(Unescape(part)));
    }

    private static string Unescape(string part) => part.Contains('~', StringComparison.Ordinal)
        ? part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
        : part;
}
