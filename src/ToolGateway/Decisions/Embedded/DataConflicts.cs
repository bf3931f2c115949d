using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Embedded;

/// <summary>Data at the place of a rule would never be seen, and OPA refuses to load the two together.</summary>
internal static class DataConflicts
{
    /// <summary>Reports each rule whose place is taken by data. False: there is one.</summary>
    public static bool Check(RegoPolicy policy, Action<string> report)
    {
        var conflicts = policy.Rules.Where(rule => IsTaken(policy.Data, rule)).DistinctBy(static rule => rule.Path).ToArray();
        foreach (var rule in conflicts)
            report($"{rule.Location}: rego_type_error: conflicting rule for data path {rule.Path["data.".Length..].Replace('.', '/')}; remove this rule, or the data at its place");
        return conflicts.Length == 0;
    }

    private static bool IsTaken(RegoObject data, RegoRule rule)
    {
        // Names with brackets have variable parts, or parts that no directory of data has.
        if (rule.Path.Contains('[', StringComparison.Ordinal))
            return false;
        RegoValue value = data;
        foreach (var part in rule.Path.Split('.').Skip(1))
        {
            if (value is not RegoObject members)
                return true;
            if (!members.TryGetValue(part, out var inner))
                return false;
            value = inner;
        }

        return true;
    }
}
