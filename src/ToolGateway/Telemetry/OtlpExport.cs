using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ToolGateway.Hosting;

namespace ToolGateway.Telemetry;

/// <summary>
/// Exports metrics and traces by OTLP while the host runs. Endpoint, protocol, headers and intervals come from the standard OTEL_* environment variables;
/// a per-call log line does not exist, so logs are few and go the same way.
/// </summary>
internal sealed class OtlpExport(SnapshotHolder snapshots) : IHostedService, IDisposable
{
    /// <summary>A collector that is gone must not hold up the end of the process.</summary>
    private const int FlushMilliseconds = 3_000;

    private static readonly string[] Endpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    private static readonly string[] Certificates = ["OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"];

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public static bool IsEnabled(TelemetryOptions options) =>
        options.Otlp ?? Array.Exists(Endpoints, static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>Whether the exporter makes its connections by itself, as the certificates that the operator names want it to.</summary>
    public static bool ConnectsItself => Array.Exists(Certificates, static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>What the exporter does with an answer must not hold up calls, so it is not to go on where the socket waited.</summary>
    public static void Connect(OtlpExporterOptions options)
    {
        if (ConnectsItself)
            return;
        options.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { ConnectCallback = ClientConnection.ConnectAsync })
        {
            Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
        };
    }

    public static void AddLogging(ILoggingBuilder logging, string instance) => logging.AddOpenTelemetry(options =>
    {
        options.SetResourceBuilder(Resource(instance));
        options.IncludeFormattedMessage = true;
        options.AddOtlpExporter(Connect);
    });

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var options = snapshots.Current.Options;
        if (!IsEnabled(options.Telemetry))
            return Task.CompletedTask;
        var resource = Resource(options.Instance ?? Environment.MachineName);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(TelemetryNames.Meter, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "System.Net.Http")
            .AddOtlpExporter(Connect)
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(TelemetryNames.ActivitySource, "Microsoft.AspNetCore", "System.Net.Http")
            .AddOtlpExporter(Connect)
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _metrics?.ForceFlush(FlushMilliseconds), cancellationToken),
        Task.Run(() => _traces?.ForceFlush(FlushMilliseconds), cancellationToken));

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    /// <summary>What the operator says in OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES comes last and so wins.</summary>
    private static ResourceBuilder Resource(string instance) => ResourceBuilder.CreateEmpty()
        .AddService("toolgateway", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3), serviceInstanceId: instance)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
