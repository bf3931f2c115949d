using System.CommandLine;
using System.Text.Json;
using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.Hosting;

namespace ToolGateway.Host.Mcp;

/// <summary><c>toolgateway mcp …</c></summary>
internal static class McpCommands
{
    public static Command Create() => new("mcp", "Approve what servers of the Model Context Protocol say of their tools.") { Pin() };

    private static Command Pin()
    {
        var name = new Argument<string>("name") { Description = "Name of the server in ToolGateway:Tools" };
        var config = ConfigOptions.File();
        var command = new Command("pin", "Write the tool definitions that a server lists now to the file of its Mcp:PinPath. Read the difference before you use it.") { name, config };
        command.SetAction((parse, cancellation) => PinAsync(parse.GetValue(name)!, parse.GetValue(config), parse.InvocationConfiguration, cancellation));
        return command;
    }

    private static async Task<int> PinAsync(string name, string? config, InvocationConfiguration console, CancellationToken cancellation)
    {
        // The file that the configuration names may not be there yet: it is what this makes.
        var configuration = GatewayConfiguration.Read(config, $"--ToolGateway:Tools:{name}:Mcp:PinPath=");
        if (ConfigErrors.Report(configuration))
            return ExitCodes.Configuration;
        if (PinTarget.Find(configuration.Snapshot, name) is not { } target)
            return await FailAsync(console, ExitCodes.Usage, $"{name} is no tool with Protocol mcp; name one of ToolGateway:Tools");
        if (PinTarget.PathOf(config, name) is not { } path)
            return await FailAsync(console, ExitCodes.Configuration, $"ToolGateway:Tools:{name}:Mcp:PinPath is missing; name the file that holds the pins, such as pins/{name}.json");
        try
        {
            using var http = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            var pins = PinWriter.Of(await new McpServerClient(http, target.Address, target.Credential).ListToolsAsync(cancellation).ConfigureAwait(false));
            foreach (var change in pins.ComparedWith(path))
                await console.Output.WriteLineAsync(change);
            pins.Write(path);
            await console.Output.WriteLineAsync($"{path}: {pins.Count} tools of {name}");
            return ExitCodes.Success;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidDataException or IOException or JsonException or McpServerException or OperationCanceledException or UnauthorizedAccessException)
        {
            return await FailAsync(console, ExitCodes.Fault, $"{name} at {target.Address} cannot be pinned: {e.Message}");
        }
    }

    private static async Task<int> FailAsync(InvocationConfiguration console, int code, string problem)
    {
        await console.Error.WriteLineAsync(problem);
        return code;
    }
}
