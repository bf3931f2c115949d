using System.CommandLine;
using ToolGateway.Rego;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy capabilities</c>: the engine's built-ins and keywords in OPA's format.</summary>
internal static class CapabilitiesCommand
{
    public static Command Create()
    {
        var command = new Command("capabilities", "Print the built-ins and keywords of the embedded engine, in the format of OPA's capabilities files.");
        command.SetAction(result => result.InvocationConfiguration.Output.WriteLine(JsonIndent.Format(RegoCapabilities.ToJson())));
        return command;
    }
}
