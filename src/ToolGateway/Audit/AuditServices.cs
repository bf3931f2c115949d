using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using ToolGateway.Audit.Shipping;
using ToolGateway.Audit.Writing;
using ToolGateway.Hosting;
using ToolGateway.Telemetry;

namespace ToolGateway.Audit;

/// <summary>Registers the audit log.</summary>
internal static class AuditServices
{
    /// <summary>Adds the log as <see cref="IAuditLog"/>. <see cref="AuditSettings"/> may be registered before, to say where relative paths begin.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => AuditSettings.From(provider.GetRequiredService<SnapshotHolder>().Current.Options, Environment.CurrentDirectory));
        services.TryAddSingleton<AuditMetrics>();
        services.TryAddSingleton(provider => new AuditLog(
            provider.GetRequiredService<AuditSettings>(), provider.GetRequiredService<AuditMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AuditLog>>(), provider.GetService<SegmentStorage>()));
        services.TryAddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditLog>());
        services.AddHostedService<AuditLifetime>();
        services.AddHostedService(provider => new AuditShipper(
            provider.GetRequiredService<AuditSettings>(), () => Sink(provider), provider.GetRequiredService<AuditMetrics>(), provider.GetRequiredService<ILogger<AuditShipper>>()));
        return services;
    }

    /// <summary>Where records are shipped to, by the standard environment variables; null when OTLP is off.</summary>
    private static OtlpLogSink? Sink(IServiceProvider provider)
    {
        if (!OtlpExport.IsEnabled(provider.GetRequiredService<SnapshotHolder>().Current.Options.Telemetry))
            return null;
        var options = new OtlpExporterOptions();
        OtlpExport.Connect(options);
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT") is { Length: > 0 } endpoint)
            options.Endpoint = new Uri(endpoint);
        return new OtlpLogSink(options, provider.GetRequiredService<AuditSettings>().Instance);
    }
}
