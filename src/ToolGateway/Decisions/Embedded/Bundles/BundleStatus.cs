using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using ToolGateway.Hosting;
using ToolGateway.Telemetry;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>What the bundle service's last answers were, for readiness and metrics. Its failures degrade: the last good bundle goes on deciding.</summary>
internal sealed class BundleStatus : IHealthCheck, IDisposable
{
    private readonly Meter _meter;
    private readonly ConcurrentDictionary<string, long> _requests = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private volatile State? _state;
    private volatile string? _notKept;

    public BundleStatus(IMeterFactory factory, TimeProvider clock)
    {
        _clock = clock;
        _meter = factory.Create(TelemetryNames.Meter);
        _meter.CreateObservableCounter(
            TelemetryNames.BundleRequests,
            () => _requests.Select(static pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>(TelemetryNames.Result, pair.Key))),
            "{request}",
            "Questions for a newer bundle, by result.");
        _meter.CreateObservableGauge(
            TelemetryNames.BundleFetched,
            () => _state is { } state ? [new Measurement<double>(state.Success?.ToUnixTimeMilliseconds() / 1000d ?? 0)] : Array.Empty<Measurement<double>>(),
            "s",
            "When the bundle service last delivered, or said that there is nothing newer, in seconds since 1970; 0 until then.");
    }

    public string Name => "bundle";

    public HealthResult Check() =>
        _notKept is { } failure ? new(HealthState.Degraded, $"the bundle is not kept: {failure}")
        : _state is not { } state || state.Answer is { IsGood: true } ? default
        : new(HealthState.Degraded, Describe(state));

    /// <summary>Called once where there is a bundle service, before the first question.</summary>
    public void Begin()
    {
        // From zero on, so that a rate sees the first of each.
        foreach (var result in BundleResults.All)
            _requests[result] = 0;
        _state = new State(null, null);
    }

    public void Note(BundleAnswer answer)
    {
        _requests.AddOrUpdate(answer.Result, 1, static (_, count) => count + 1);
        _state = new State(answer, answer.IsGood ? _clock.GetUtcNow() : _state?.Success);
    }

    /// <summary>Says that a bundle of <c>PolicyPath</c> could not be kept, or with null that it was.</summary>
    public void NoteKept(string? failure) => _notKept = failure;

    public void Dispose() => _meter.Dispose();

    private static string Describe(State state)
    {
        var since = state.Success is { } time ? $"last answer at {time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "no answer since the start";
        return state.Answer is { } answer ? $"{since}; {answer.Result}: {answer.Detail}" : since;
    }

    private sealed record State(BundleAnswer? Answer, DateTimeOffset? Success);
}
