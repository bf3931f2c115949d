using System.Diagnostics.Metrics;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Hosting;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Telemetry;

/// <summary>What configuration and policy are in effect since when, what became of changes, and how fresh certificates and keys are.</summary>
internal sealed class SnapshotMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly SnapshotHolder _snapshots;
    private readonly TimeProvider _clock;
    private long _bundleActivated;

    public SnapshotMetrics(IMeterFactory factory, SnapshotHolder snapshots, ReloadStatus reloads, ShadowDecisions shadow, TimeProvider clock)
    {
        (_snapshots, _clock) = (snapshots, clock);
        _bundleActivated = clock.GetUtcNow().ToUnixTimeSeconds();
        snapshots.Changed += NoteBundle;
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
        CredentialExpiry.Observe(_meter, () => CredentialExpiry.Of(snapshots.Current, clock.GetUtcNow()));
        _meter.CreateObservableGauge(
            TelemetryNames.BundleActivated, Bundle, "s", "Since when this process decides by the policy bundle in use, in seconds since 1970.");
        _meter.CreateObservableGauge(
            TelemetryNames.KeysFetched, () => Issuers(static keys => keys.FetchedAt?.ToUnixTimeSeconds()), "s", "When an issuer's keys were last fetched, in seconds since 1970.");
        _meter.CreateObservableGauge(
            TelemetryNames.KeysFailing, () => Issuers(static keys => keys.Failure is not null ? 1 : keys.FetchedAt is null ? null : 0), "{issuer}", "1 for an issuer whose keys could not be fetched the last time.");
    }

    public void Dispose()
    {
        _snapshots.Changed -= NoteBundle;
        _meter.Dispose();
    }

    private void NoteBundle(GatewaySnapshot old, GatewaySnapshot current)
    {
        if (old.Policy?.Bundle is null || old.Policy.Revision != current.Policy?.Revision)
            Interlocked.Exchange(ref _bundleActivated, _clock.GetUtcNow().ToUnixTimeSeconds());
    }

    private IEnumerable<Measurement<double>> Bundle()
    {
        if (_snapshots.Current.Policy?.Bundle is not null)
            yield return new(Interlocked.Read(ref _bundleActivated));
    }

    private IEnumerable<Measurement<double>> Issuers(Func<KeySource, double?> value)
    {
        foreach (var issuer in _snapshots.Current.Trust.Issuers)
        {
            if (value(issuer.Rules.Keys) is { } measured)
                yield return new(measured, new KeyValuePair<string, object?>(TelemetryNames.Issuer, issuer.Name));
        }
    }

    private static IEnumerable<Measurement<int>> Info(GatewaySnapshot snapshot, ShadowRun? shadow)
    {
        yield return new(1, new(TelemetryNames.Part, "configuration"), new(TelemetryNames.Revision, snapshot.ConfigurationRevision));
        yield return new(1, new(TelemetryNames.Part, "policy"), new(TelemetryNames.Revision, snapshot.Policy?.Revision ?? "none"));
        if (shadow is not null)
            yield return new(1, new(TelemetryNames.Part, "shadow"), new(TelemetryNames.Revision, shadow.Candidate.Revision ?? "none"));
    }
}
