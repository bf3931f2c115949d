using Microsoft.Extensions.DependencyInjection;

namespace ToolGateway.Telemetry;

/// <summary>Registers meters and the exporters.</summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<SnapshotMetrics>();
        services.AddSingleton<PrometheusExporter>();
        services.AddHostedService<OtlpExport>();
        return services;
    }
}
