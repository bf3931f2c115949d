using System.CommandLine;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy …</c>: what platform teams do with policies, without OPA.</summary>
internal static class PolicyCommands
{
    public static Command Create() => new("policy", "Check, test and try out policies.")
    {
        CheckCommand.Create(),
        TestCommand.Create(),
        EvalCommand.Create(),
        DepsCommand.Create(),
        BenchCommand.Create(),
        DiffCommand.Create(),
        ReplayCommand.Create(),
        CapabilitiesCommand.Create(),
    };
}
