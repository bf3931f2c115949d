using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Tokens;

/// <summary>The members of a token's header that matter.</summary>
internal sealed record TokenHeader(string Algorithm, string KeyId, string ContentType, bool IsValid)
{
    public static TokenHeader? Read(RegoObject header, out string error)
    {
        error = "";
        foreach (var name in (ReadOnlySpan<string>)["alg", "cty", "kid", "typ"])
        {
            if (!header.TryGetValue(name, out var value) || value is RegoString)
                continue;
            error = $"{name}: must be a string";
            return null;
        }

        var algorithm = Text(header, "alg");
        var critical = ReadCritical(header, ref error);
        if (critical is null)
            return null;
        // A critical member that is not understood makes the token invalid.
        var understood = critical.TrueForAll(name => !header.TryGetValue(name, out _) || name is "alg" or "kid" or "typ" or "cty" or "crit");
        return new TokenHeader(algorithm, Text(header, "kid"), Text(header, "cty"), algorithm.Length > 0 && understood);
    }

    private static List<string>? ReadCritical(RegoObject header, ref string error)
    {
        if (!header.TryGetValue("crit", out var value))
            return [];
        if (value is not RegoArray list)
        {
            error = "crit: must be a list";
            return null;
        }

        var names = list.OfType<RegoString>().Select(name => name.Value).ToList();
        if (names.Count > 0)
            return names;
        error = "crit: must be a nonempty list";
        return null;
    }

    private static string Text(RegoObject header, string name) => header.TryGetValue(name, out var value) && value is RegoString text ? text.Value : "";
}
