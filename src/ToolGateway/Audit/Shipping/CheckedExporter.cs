using OpenTelemetry;
using OpenTelemetry.Logs;

namespace ToolGateway.Audit.Shipping;

/// <summary>Remembers whether an export failed, which the batch processor does not tell.</summary>
internal sealed class CheckedExporter(BaseExporter<LogRecord> inner) : BaseExporter<LogRecord>
{
    private volatile bool _hasFailed;

    public bool HasFailed
    {
        get => _hasFailed;
        set => _hasFailed = value;
    }

    /// <summary>A processor that exports nothing: the SDK gives an exporter its resource only through a processor of its own.</summary>
    public BaseProcessor<LogRecord> ResourceCarrier() => new Carrier(inner);

    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        var result = inner.Export(batch);
        if (result != ExportResult.Success)
            _hasFailed = true;
        return result;
    }

    protected override bool OnShutdown(int timeoutMilliseconds) => inner.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Carrier(BaseExporter<LogRecord> exporter) : BaseExportProcessor<LogRecord>(exporter)
    {
        protected override void OnExport(LogRecord data)
        {
        }
    }
}
