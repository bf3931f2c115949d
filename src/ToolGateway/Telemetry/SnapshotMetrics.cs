using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Hosting;

namespace ToolGateway.Telemetry;

/// <summary>What configuration and policy are in effect, what became of changes, and when the gateway's certificate ends.</summary>
internal sealed class SnapshotMetrics : IDisposable
{
    private readonly Meter _meter;

    public SnapshotMetrics(IMeterFactory factory, SnapshotHolder snapshots, ReloadStatus reloads, ShadowDecisions shadow)
    {
        _meter = factory.Create(TelemetryNames.Meter);
        _meter.CreateObservableCounter(
            TelemetryNames.SnapshotReloads,
            () => new Measurement<long>[]
            {
                new(reloads.AcceptedCount, new(TelemetryNames.Part, "snapshot"), new(TelemetryNames.Result, "accepted")),
                new(reloads.RefusedCount, new(TelemetryNames.Part, "snapshot"), new(TelemetryNames.Result, "refused")),
                new(shadow.AcceptedCount, new(TelemetryNames.Part, "shadow"), new(TelemetryNames.Result, "accepted")),
                new(shadow.RefusedCount, new(TelemetryNames.Part, "shadow"), new(TelemetryNames.Result, "refused")),
            },
            "{reload}",
            "Changes of configuration, files and policy, by result.");
        _meter.CreateObservableGauge(TelemetryNames.SnapshotInfo, () => Info(snapshots.Current, shadow.Run), "{snapshot}", "1 for each part with its revision in effect.");
        _meter.CreateObservableGauge(
            TelemetryNames.CredentialExpiry, () => Expiry(snapshots.Current), "s", "When a credential of the gateway ends, in seconds since 1970.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Info(GatewaySnapshot snapshot, ShadowRun? shadow)
    {
        yield return new(1, new(TelemetryNames.Part, "configuration"), new(TelemetryNames.Revision, snapshot.ConfigurationRevision));
        yield return new(1, new(TelemetryNames.Part, "policy"), new(TelemetryNames.Revision, snapshot.Policy?.Revision ?? "none"));
        if (shadow is not null)
            yield return new(1, new(TelemetryNames.Part, "shadow"), new(TelemetryNames.Revision, shadow.Candidate.Revision ?? "none"));
    }

    private static IEnumerable<Measurement<double>> Expiry(GatewaySnapshot snapshot)
    {
        if (snapshot.Certificate is { } certificate)
            yield return new(Seconds(certificate.Leaf), new KeyValuePair<string, object?>(TelemetryNames.Part, "listener"));
    }

    private static double Seconds(X509Certificate2 certificate) => new DateTimeOffset(certificate.NotAfter.ToUniversalTime()).ToUnixTimeSeconds();
}
