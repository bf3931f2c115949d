namespace ToolGateway.Telemetry;

/// <summary>What is exported. Endpoint, protocol and headers come from the standard <c>OTEL_EXPORTER_OTLP_*</c> environment variables.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Export metrics, traces and logs by OTLP. Default: when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
    public bool? Otlp { get; set; }
}
