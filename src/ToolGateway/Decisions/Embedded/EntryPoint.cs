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
        return preparation.Query is { } query ? new EntryPoint(path, query, FactSelection.Sidecar, IsReusable: false) : null;
    }
}
