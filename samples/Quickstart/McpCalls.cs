using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ToolGateway.Quickstart;

/// <summary>The same gateway before an MCP server, called with the official SDK: nothing changes for the agent but the address.</summary>
internal static class McpCalls
{
    /// <summary>Lists, calls what is granted, and tries what is not; true when each went as it must.</summary>
    public static async Task<bool> RunAsync(Workspace workspace)
    {
        using var http = Caller.Client(workspace, workspace.AgentCertificate);
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = new Uri($"{workspace.Url}/tools/files"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using var client = await McpClient.CreateAsync(transport);
        var tools = (await client.ListToolsAsync()).Select(tool => tool.Name).Order(StringComparer.Ordinal).ToArray();
        Console.WriteLine($"  tools/list            shows {string.Join(", ", tools)}; the server has delete_file as well");
        var read = await client.CallToolAsync("read_file", new Dictionary<string, object?> { ["path"] = "/readme.txt" });
        var text = read.Content.OfType<TextContentBlock>().Single().Text;
        Console.WriteLine($"  tools/call read_file  answers: {text}");
        var denied = await DeniedAsync(client);
        Console.WriteLine($"  tools/call delete_file is refused: {denied}");
        return tools is ["list_directory", "read_file"] && text == "Welcome." && denied.Contains("Unknown tool", StringComparison.Ordinal);
    }

    private static async Task<string> DeniedAsync(McpClient client)
    {
        try
        {
            await client.CallToolAsync("delete_file", new Dictionary<string, object?> { ["path"] = "/readme.txt" });
            return "it was called";
        }
        catch (McpException e)
        {
            return e.Message;
        }
    }
}
