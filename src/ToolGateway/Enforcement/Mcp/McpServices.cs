using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using ToolGateway.Audit;
using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Registers the protocol.</summary>
internal static class McpServices
{
    private const int KeyLength = 32;

    public static IServiceCollection AddMcp(this IServiceCollection services)
    {
        services.AddSingleton(provider => new McpSessionIds(
            ReadOrMakeKey(provider.GetRequiredService<AuditSettings>().Directory + ".session-key"), provider.GetRequiredService<TimeProvider>()));
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

    /// <summary>The key that seals session ids, kept so that sessions outlive a restart.</summary>
    private static byte[] ReadOrMakeKey(string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyLength } known)
            return known;
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(key);
        return key;
    }
}
