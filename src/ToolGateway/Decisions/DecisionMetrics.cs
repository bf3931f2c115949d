using System.Diagnostics;
using System.Diagnostics.Metrics;
using ToolGateway.Telemetry;

namespace ToolGateway.Decisions;

/// <summary>Failures of the decision point, the circuit's state, and use of the cache.</summary>
internal sealed class DecisionMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _cacheRequests;

    public DecisionMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(TelemetryNames.Meter);
        _failures = _meter.CreateCounter<long>("toolgateway.decision_point.failures", "{failure}", "Questions that an engine did not answer.");
        _cacheRequests = _meter.CreateCounter<long>("toolgateway.cache.requests", "{request}", "Look-ups in the decision cache.");
    }

    /// <param name="kind">One of <c>connection, timeout, status, garbage, circuit_open, circuit_opened, retry, evaluation</c>.</param>
    public void Failed(string engine, string kind)
    {
        if (_failures.Enabled)
            _failures.Add(1, new TagList { { TelemetryNames.Engine, engine }, { "kind", kind } });
    }

    /// <param name="result"><c>hit</c>, <c>miss</c> or <c>joined</c> (waited for another call's evaluation).</param>
    public void Looked(string result)
    {
        if (_cacheRequests.Enabled)
            _cacheRequests.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Result, result));
    }

    /// <summary>Shows the circuit: 0 closed, 1 half-open, 2 open.</summary>
    public void ObserveCircuit(string engine, Func<int> state) =>
        _meter.CreateObservableGauge("toolgateway.decision_point.circuit",
            () => new Measurement<int>(state(), new KeyValuePair<string, object?>(TelemetryNames.Engine, engine)), null, "State of the circuit: 0 closed, 1 half-open, 2 open.");

    public void ObserveEntries(Func<long> entries) =>
        _meter.CreateObservableGauge("toolgateway.cache.entries", entries, "{entry}", "Decisions in the cache.");

    /// <summary>Shows when a service's client certificate ends.</summary>
    public void ObserveClientCertificate(string part, ServiceCredentials credentials) => CredentialExpiry.Observe(
        _meter, () => credentials.ClientCertificate is { } certificate ? [CredentialExpiry.Measure(certificate.NotAfter.ToUniversalTime(), part)] : []);

    public void Dispose() => _meter.Dispose();
}
