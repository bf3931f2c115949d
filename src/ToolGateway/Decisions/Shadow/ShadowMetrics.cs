using System.Diagnostics;
using System.Diagnostics.Metrics;
using ToolGateway.Telemetry;
using ToolGateway.ToolCalls;

namespace ToolGateway.Decisions.Shadow;

/// <summary>What comparing with a candidate gave. Tag values come from the catalogue and from closed lists.</summary>
internal sealed class ShadowMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _dropped;

    public ShadowMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(TelemetryNames.Meter);
        _decisions = _meter.CreateCounter<long>(TelemetryNames.ShadowDecisions, "{decision}", "Decisions that were compared with a candidate policy's, by result.");
        _dropped = _meter.CreateCounter<long>(TelemetryNames.ShadowDropped, "{decision}", "Decisions that were not compared, because the candidate was too slow.");
    }

    /// <param name="result">One of <see cref="Change"/>.</param>
    public void Compared(ToolCall call, string result)
    {
        if (_decisions.Enabled)
            _decisions.Add(1, new TagList { { TelemetryNames.Tool, call.Tool.Name }, { TelemetryNames.Action, ActionTags.Of(call) }, { TelemetryNames.Result, result } });
    }

    public void Dropped(long count) => _dropped.Add(count);

    public void ObserveQueue(Func<int> length) =>
        _meter.CreateObservableGauge(TelemetryNames.ShadowQueue, length, "{decision}", "Decisions that wait to be compared.");

    public void Dispose() => _meter.Dispose();
}
