using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ToolGateway.Hosting;

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
            provider.GetRequiredService<ILogger<AuditLog>>()));
        services.TryAddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditLog>());
        services.AddHostedService<AuditLifetime>();
        return services;
    }
}
