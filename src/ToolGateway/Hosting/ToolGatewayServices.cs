using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Enforcement;
using ToolGateway.Enforcement.Limits;
using ToolGateway.Enforcement.Recording;
using ToolGateway.Identity;
using ToolGateway.Identity.Certificates;
using ToolGateway.Telemetry;

namespace ToolGateway.Hosting;

/// <summary>Adds the gateway to a host and maps it.</summary>
public static class ToolGatewayServices
{
    /// <summary>
    /// Adds the gateway with a configuration that was read and found valid (<see cref="GatewayConfiguration.Read"/>).
    /// </summary>
    public static IServiceCollection AddToolGateway(this IServiceCollection services, GatewayConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(configuration.Builder);
        services.AddSingleton(configuration.Reading);
        services.AddSingleton(new SnapshotHolder(configuration.Snapshot));
        services.AddSingleton<ReloadStatus>();
        services.AddSingleton<HealthChecks>();
        services.AddSingleton(AuditSettings.From(configuration.Snapshot.Options, configuration.BaseDirectory));
        services.AddTelemetry();
        services.AddIdentity();

        // Started before and stopped after everything that writes records.
        services.AddAudit();
        services.AddDecisions();
        services.AddCallPipeline();
        services.AddHostedService<SnapshotReloader>();
        services.AddHostedService(provider => provider.GetRequiredService<ShadowDecisions>());
        services.AddSingleton<IHealthCheck>(provider => provider.GetRequiredService<ShadowDecisions>());
        services.AddHostedService<Draining>();
        services.AddSingleton<DecisionCanary>();
        services.AddSingleton<IHealthCheck>(provider => provider.GetRequiredService<DecisionCanary>());
        services.AddHostedService(provider => provider.GetRequiredService<DecisionCanary>());
        services.AddOptions<KestrelServerOptions>().Configure<SnapshotHolder, CallConnections, ILoggerFactory>(static (kestrel, snapshots, connections, logging) =>
        {
            KestrelLimits.Apply(kestrel, snapshots.Current.Options.Limits, logging.CreateLogger(typeof(KestrelLimits).FullName!));
            KestrelListeners.Configure(kestrel, snapshots, connections, ClientCertificateTls.Configure);
        });
        return services;
    }

    /// <summary>Maps calls, probes and administration, each to the listener that is theirs.</summary>
    public static WebApplication MapToolGateway(this WebApplication app)
    {
        // Observable instruments exist from the first scrape on.
        app.Services.GetRequiredService<SnapshotMetrics>();

        // The host would add both on its own and identify every request before its limits are looked at and its tool is known; the path of a call identifies.
        var properties = ((IApplicationBuilder)app).Properties;
        properties["__AuthenticationMiddlewareSet"] = true;
        properties["__AuthorizationMiddlewareSet"] = true;
        app.UseMiddleware<ManagementMiddleware>();
        app.UseMiddleware<ResourceMetadataMiddleware>();
        app.UseRouting();
        app.MapCallPipeline();
        return app;
    }
}
