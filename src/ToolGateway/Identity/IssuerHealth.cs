using ToolGateway.Hosting;

namespace ToolGateway.Identity;

/// <summary>Shows issuers whose keys cannot be fetched; callers of the others are served all the same.</summary>
internal sealed class IssuerHealth(SnapshotHolder snapshots) : IHealthCheck
{
    public string Name => "issuers";

    public HealthResult Check()
    {
        var failing = snapshots.Current.Trust.Issuers.Where(issuer => issuer.Rules.Keys.Failure is not null).Select(issuer => issuer.Name).ToArray();
        return failing.Length == 0 ? default : new HealthResult(HealthState.Degraded, $"keys cannot be fetched: {string.Join(", ", failing)}");
    }
}
