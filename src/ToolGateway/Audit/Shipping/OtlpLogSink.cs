using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Shipping;

/// <summary>Sends records as OTLP log records: the line is the body, so that the chain can be verified where it arrives.</summary>
internal sealed class OtlpLogSink : IDisposable
{
    /// <summary>Records of one attempt; within the queue of the batch processor, which drops what does not fit.</summary>
    public const int MaxRecords = 1024;

    private readonly CheckedExporter _exporter;
    private readonly StampProcessor _stamp = new();
    private readonly BatchLogRecordExportProcessor _batches;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;

    public OtlpLogSink(OtlpExporterOptions options, string instance)
    {
        _exporter = new CheckedExporter(new OtlpLogExporter(options));
        _batches = new BatchLogRecordExportProcessor(_exporter, maxQueueSize: MaxRecords * 2, scheduledDelayMilliseconds: 60_000, maxExportBatchSize: MaxRecords / 2);
        _loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(otel =>
        {
            otel.SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("toolgateway", serviceInstanceId: instance));
            otel.IncludeFormattedMessage = true;
            otel.AddProcessor(_stamp).AddProcessor(_exporter.ResourceCarrier()).AddProcessor(_batches);
        }));
        _logger = _loggers.CreateLogger("ToolGateway.Audit");
    }

    /// <summary>Takes a record into the next attempt.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (!RecordLine.TryRead(text, out var line))
            return;
        _stamp.Next(line);
        var type = Encoding.UTF8.GetString(line.Type);
        var state = new List<KeyValuePair<string, object?>>(4)
        {
            new("toolgateway.audit.type", type),
            new("toolgateway.audit.seq", line.Seq),
            new("toolgateway.audit.chain", Encoding.ASCII.GetString(line.Chain)),
        };
        if (!line.DecisionId.IsEmpty)
            state.Add(new("toolgateway.decision_id", Encoding.UTF8.GetString(line.DecisionId)));
        var body = Encoding.UTF8.GetString(text);
        _logger.Log(LogLevel.Information, new EventId(0, $"toolgateway.audit.{type}"), state, null, (_, _) => body);
    }

    /// <summary>Sends what was added. False: not all of it was taken, and all of it must be sent again.</summary>
    public bool TrySend(TimeSpan timeout)
    {
        _exporter.HasFailed = false;
        return _batches.ForceFlush((int)timeout.TotalMilliseconds) && !_exporter.HasFailed;
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _batches.Dispose();
        _stamp.Dispose();
        _exporter.Dispose();
    }

    /// <summary>Gives each log record the time and the trace of the audit record.</summary>
    private sealed class StampProcessor : BaseProcessor<LogRecord>
    {
        private DateTime _time;
        private ActivityTraceId _trace;

        public void Next(in RecordLine line)
        {
            _time = DateTimeOffset.TryParse(
                Encoding.ASCII.GetString(line.String(",\"time\":\""u8)), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : default;
            var trace = line.String(",\"trace_id\":\""u8);
            _trace = trace.Length == 32 ? ActivityTraceId.CreateFromUtf8String(trace) : default;
        }

        public override void OnEnd(LogRecord data)
        {
            data.Timestamp = _time;
            data.TraceId = _trace;
        }
    }
}
