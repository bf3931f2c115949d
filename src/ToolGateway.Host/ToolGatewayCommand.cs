using System.CommandLine;
using ToolGateway.Host.Audit;
using ToolGateway.Host.Dev;
using ToolGateway.Host.Health;
using ToolGateway.Host.Mcp;
using ToolGateway.Host.Policy;
using ToolGateway.Host.Serve;

namespace ToolGateway.Host;

/// <summary>The command <c>toolgateway</c> with everything below it.</summary>
internal static class ToolGatewayCommand
{
    public static RootCommand Create() => new("ToolGateway decides every tool call of an AI agent, forwards or blocks it, and records both.")
    {
        ServeCommand.Create(),
        ConfigCommands.Create(),
        PolicyCommands.Create(),
        HealthCommand.Create(),
        AuditCommands.Create(),
        McpCommands.Create(),
        DevCommands.Create(),
    };
}
