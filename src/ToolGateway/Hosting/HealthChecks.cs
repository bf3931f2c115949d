using ToolGateway.Audit;

namespace ToolGateway.Hosting;

/// <summary>Something readiness depends on, or that is worth showing beside it.</summary>
internal interface IHealthCheck
{
    /// <summary>Name in the answer of <c>/readyz</c>.</summary>
    string Name { get; }

    HealthResult Check();
}

/// <summary>Result of one check; only <see cref="HealthState.Failing"/> makes the instance unready.</summary>
internal readonly record struct HealthResult(HealthState State, string? Detail = null);

/// <summary>How a part is.</summary>
internal enum HealthState
{
    Ok,
    Degraded,
    Failing,
}

/// <summary>Runs the checks: audit, policy, draining, the last reload, and those that features add.</summary>
internal sealed class HealthChecks(SnapshotHolder snapshots, ReloadStatus reloads, IAuditLog audit, IEnumerable<IHealthCheck> checks)
{
    private volatile bool _draining;

    public void BeginDraining() => _draining = true;

    public IEnumerable<(string Name, HealthResult Result)> Run()
    {
        yield return ("draining", _draining ? new(HealthState.Failing, "the instance is shutting down") : default);
        yield return ("audit", audit.IsAvailable ? default : new(HealthState.Failing, "the audit log takes no records"));
        yield return ("policy", Policy(snapshots.Current));
        yield return ("configuration", reloads.Errors.Count == 0 ? default : new(HealthState.Degraded, $"last change refused: {string.Join("; ", reloads.Errors)}"));
        foreach (var check in checks)
            yield return (check.Name, check.Check());
    }

    private static HealthResult Policy(GatewaySnapshot snapshot) =>
        snapshot.Options.Decisions.Engine != "Embedded" || snapshot.Policy is not null ? default : new(HealthState.Failing, snapshot.PolicyProblem is { } problem ? $"no valid policy is loaded: {problem}" : "no valid policy is loaded");
}
