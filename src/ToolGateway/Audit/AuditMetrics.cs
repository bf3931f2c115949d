using System.Diagnostics.Metrics;

namespace ToolGateway.Audit;

/// <summary>Counters of the log.</summary>
internal sealed class AuditMetrics
{
    private readonly Counter<long> _records;
    private readonly Counter<long> _failures;

    public AuditMetrics(IMeterFactory meters)
    {
        Meter = meters.Create("ToolGateway");
        _records = Meter.CreateCounter<long>("toolgateway.audit.records", "{record}", "Records written, by type");
        _failures = Meter.CreateCounter<long>("toolgateway.audit.failures", "{failure}", "Records not taken and files not written, by type");
    }

    private Meter Meter { get; }

    public void ObserveQueue(Func<int> count) =>
        Meter.CreateObservableGauge("toolgateway.audit.queue", count, "{record}", "Records waiting in memory");

    public void Written(string type, int count)
    {
        if (count > 0 && _records.Enabled)
            _records.Add(count, new KeyValuePair<string, object?>("type", type));
    }

    /// <param name="type"><c>queue_full | timeout | unavailable | write | sync | publish | prune | ship</c></param>
    public void Failed(string type, int count = 1)
    {
        if (count > 0)
            _failures.Add(count, new KeyValuePair<string, object?>("type", type));
    }
}
