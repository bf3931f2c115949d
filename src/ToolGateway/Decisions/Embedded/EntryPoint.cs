using ToolGateway.Decisions.Caching;
using ToolGateway.Rego;

namespace ToolGateway.Decisions.Embedded;

/// <summary>A prepared document of the policy and what it can read.</summary>
internal sealed record EntryPoint(string Path, PreparedQuery Query, FactSelection Facts, bool IsReusable)
{
    public static EntryPoint? Prepare(RegoPolicy policy, string path, Action<string> report)
    {
        var preparation = policy.PrepareEntryPoint(path);
        foreach (var error in preparation.Errors)
            report(error.ToString());
        if (preparation.Query is not { } query)
            return null;
        var facts = FactSelection.Reading(query.InputPaths.Select(Segments));

        // What asks the clock, the network or chance may answer differently in a moment.
        return new EntryPoint(path, query, facts, query.IsDeterministic && facts.CanRepeat);
    }

    private static string[] Segments(string pointer) => pointer.Length == 0
        ? []
        : [.. pointer[1..].Split('/').Select(segment => segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
}
