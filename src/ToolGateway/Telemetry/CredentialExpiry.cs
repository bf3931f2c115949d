using System.Diagnostics.Metrics;
using ToolGateway.Hosting;

namespace ToolGateway.Telemetry;

/// <summary>When certificates and keys end, as far as they say so.</summary>
internal static class CredentialExpiry
{
    /// <summary>Shows the ends of credentials that have a part of the gateway to themselves.</summary>
    public static void Observe(Meter meter, Func<IEnumerable<Measurement<double>>> ends) =>
        meter.CreateObservableGauge(TelemetryNames.CredentialExpiry, ends, "s", "When a certificate or key that the gateway depends on ends, in seconds since 1970.");

    /// <summary>The gateway's own certificate, trust bundles and issuers' keys.</summary>
    public static IEnumerable<Measurement<double>> Of(GatewaySnapshot snapshot, DateTimeOffset now)
    {
        if (snapshot.Certificate is { } certificate)
            yield return Measure(certificate.EndsAt, "listener");
        foreach (var domain in snapshot.Trust.Domains)
        {
            var authorities = domain.Authorities.Select(static authority => new DateTimeOffset(authority.NotAfter.ToUniversalTime()));
            if (Next(authorities.Concat(domain.Tokens?.Keys.Last?.Ends ?? []), now) is { } end)
                yield return Measure(end, "trust_domain", domain.Name);
        }

        foreach (var issuer in snapshot.Trust.Issuers)
        {
            if (Next(issuer.Rules.Keys.Last?.Ends ?? [], now) is { } end)
                yield return Measure(end, "issuer", issuer.Name);
        }
    }

    public static Measurement<double> Measure(DateTimeOffset end, string part, string? name = null) => name is null
        ? new(end.ToUnixTimeSeconds(), new KeyValuePair<string, object?>(TelemetryNames.Part, part))
        : new(end.ToUnixTimeSeconds(), new(TelemetryNames.Part, part), new(TelemetryNames.Name, name));

    /// <summary>The next end to come: what has ended already beside others that go on was replaced in time. When all have ended, the last.</summary>
    private static DateTimeOffset? Next(IEnumerable<DateTimeOffset> ends, DateTimeOffset now)
    {
        var all = ends.Order().ToArray();
        return all.Length == 0 ? null : Array.Find(all, end => end > now) is var next && next != default ? next : all[^1];
    }
}
