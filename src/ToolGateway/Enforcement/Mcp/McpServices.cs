using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit;
using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Registers the protocol.</summary>
internal static class McpServices
{
    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        services.AddSingleton(provider => new McpSessionIds(
            new SessionKeyFile(provider.GetRequiredService<AuditSettings>().Directory + ".session-key", provider.GetRequiredService<ILogger<SessionKeyFile>>()).ReadOrMake(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<OutstandingRequests>();
        services.AddSingleton<StreamedRequests>();
        services.AddSingleton<TaskHolders>();
        services.AddSingleton<ServerVersions>();
        services.AddSingleton<McpClassifier>();
        services.AddSingleton<McpVisibility>();
        services.AddSingleton<ToolPins>();
        services.AddSingleton<PinWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PinWatch>());
        services.AddSingleton<McpListFilter>();
        services.AddSingleton<McpResponses>();
        services.AddSingleton<IToolProtocol, McpToolProtocol>();
        return services;
    }
}
