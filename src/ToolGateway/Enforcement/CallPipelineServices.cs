using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Enforcement.Limits;
using ToolGateway.Enforcement.Mcp;
using ToolGateway.Enforcement.Recording;
using ToolGateway.Hosting;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.Enforcement;

/// <summary>Adds the path of calls to a host and maps it.</summary>
internal static class CallPipelineServices
{
    public static IServiceCollection AddCallPipeline(this IServiceCollection services)
    {
        services.AddSingleton<IToolProtocol, HttpToolProtocol>();
        services.AddMcp();
        services.AddSingleton<ToolProtocols>();
        services.AddSingleton<ToolTransformer>();
        services.AddSingleton<ToolClusters>();
        services.AddSingleton<ForwardStage>();
        services.AddSingleton<CallRecorder>();
        services.AddSingleton<ServerRefusals>();
        services.AddSingleton<CallConnections>();
        services.AddHostedService<BadRequestObserver>();
        services.AddSingleton<StreamErrors>();
        services.AddHostedService(static provider => provider.GetRequiredService<StreamErrors>());
        services.AddSingleton<Http2ErrorLog>();
        services.AddLogging(static logging => logging.AddFilter<Http2ErrorLog>(Http2ErrorLog.Category, LogLevel.Debug));
        services.AddSingleton<OpenCalls>();
        services.AddSingleton(provider => new CallLimits(
            provider.GetRequiredService<SnapshotHolder>().Current.Options.Limits, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SnapshotProxyConfigProvider>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<SnapshotProxyConfigProvider>());
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<SnapshotProxyConfigProvider>());
        services.AddReverseProxy().ConfigureHttpClient(static (_, handler) =>
        {
            // Trace context is set with the other headers; the default propagator would also pass the caller's baggage on.
            handler.ActivityHeadersPropagator = null;
            handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
            handler.ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
            handler.ConnectCallback = ClientConnection.ConnectToToolAsync;
        });
        return services;
    }

    /// <summary>Every request that no other endpoint takes is a call.</summary>
    public static void MapCallPipeline(this IEndpointRouteBuilder endpoints)
    {
        // Added here and not as a service: whoever clears the host's log providers must not silence the audit log.
        var services = endpoints.ServiceProvider;
        services.GetRequiredService<ILoggerFactory>().AddProvider(services.GetRequiredService<Http2ErrorLog>());
        endpoints.MapReverseProxy(static pipeline =>
        {
            pipeline.UseMiddleware<CallPipeline>();
            pipeline.UseSessionAffinity();
            pipeline.UseLoadBalancing();
            pipeline.UsePassiveHealthChecks();
        });
    }
}
