using System.Diagnostics;
using System.Diagnostics.Metrics;
using ToolGateway.Decisions;
using ToolGateway.Hosting;
using ToolGateway.Identity;

namespace ToolGateway.Telemetry;

/// <summary>The instruments of calls. Tag values come from the catalogue and from closed lists, never from a caller.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = TelemetryNames.DurationBuckets };
    private static readonly double SecondsPerTick = 1d / Stopwatch.Frequency;

    private readonly ReasonTags _reasons = new();
    private readonly Meter _meter;
    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _decisionDuration;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _stageDuration;
    private readonly Counter<long> _refusals;

    public GatewayMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(TelemetryNames.Meter);
        _decisions = _meter.CreateCounter<long>(TelemetryNames.Decisions, "{decision}", "Decisions by tool, action, outcome, reason and engine.");
        _decisionDuration = Duration(TelemetryNames.DecisionDuration, "Time to a decision.");
        _requestDuration = Duration(TelemetryNames.RequestDuration, "Time from receiving a call to the end of its answer.");
        _stageDuration = Duration(TelemetryNames.StageDuration, "Time of one stage of a call.");
        _refusals = _meter.CreateCounter<long>(TelemetryNames.IdentityRefusals, "{refusal}", "Callers that were not identified, by method and reason.");
    }

    public void Decided(GatewayCall call, Decision decision)
    {
        if (!_decisions.Enabled && !_decisionDuration.Enabled)
            return;
        _decisions.Add(1, new TagList
        {
            { TelemetryNames.Tool, call.Tool?.Name ?? TelemetryNames.Other },
            { TelemetryNames.Action, ActionTag(call) },
            { TelemetryNames.Outcome, decision.Outcome },
            { TelemetryNames.Reason, _reasons.Of(decision.Reasons) },
            { TelemetryNames.Engine, decision.Engine },
        });
        if (call.Times.Decide > 0)
        {
            _decisionDuration.Record(
                call.Times.Decide * SecondsPerTick,
                new(TelemetryNames.Engine, decision.Cached ? "cache" : decision.Engine),
                new(TelemetryNames.Outcome, decision.Outcome));
        }
    }

    public void Refused(IdentityRefusal refusal) =>
        _refusals.Add(1, new(TelemetryNames.Method, refusal.Method), new(TelemetryNames.Reason, refusal.Reason));

    /// <summary>Records what a finished call took, as a whole and by stage.</summary>
    /// <param name="outcome"><c>completed | blocked | revoked | client_aborted | upstream_error | timeout | shutdown</c></param>
    /// <param name="elapsed">Stopwatch ticks from start to end.</param>
    public void Ended(GatewayCall call, string outcome, long elapsed)
    {
        if (_requestDuration.Enabled)
        {
            _requestDuration.Record(
                elapsed * SecondsPerTick,
                new(TelemetryNames.Tool, call.Tool?.Name ?? TelemetryNames.Other),
                new(TelemetryNames.Outcome, outcome));
        }

        if (!_stageDuration.Enabled)
            return;
        Stage("identify", call.Times.Identify);
        Stage("classify", call.Times.Classify);
        Stage("decide", call.Times.Decide);
        Stage("record", call.Times.Record);
        Stage("upstream", call.Times.Upstream);
    }

    public void Dispose() => _meter.Dispose();

    internal static string ActionTag(GatewayCall call) => call.Call is { } classified ? ActionTags.Of(classified) : TelemetryNames.Other;

    private Histogram<double> Duration(string name, string description) => _meter.CreateHistogram(name, "s", description, tags: null, Durations);

    private void Stage(string name, long ticks)
    {
        if (ticks > 0)
            _stageDuration.Record(ticks * SecondsPerTick, new KeyValuePair<string, object?>(TelemetryNames.Stage, name));
    }
}
