using System.CommandLine;

namespace ToolGateway.Host.Audit;

/// <summary><c>toolgateway audit …</c>: everything that reads a log.</summary>
internal static class AuditCommands
{
    public static Command Create() => new("audit", "Verify and read the audit log")
    {
        VerifyCommand.Create(),
        QueryCommand.CreateTail(),
        QueryCommand.Create(),
        StatsCommand.Create(),
    };
}
