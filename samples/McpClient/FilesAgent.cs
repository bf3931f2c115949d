using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ToolGateway.Samples;

/// <summary>An agent that uses an MCP server behind the gateway, with the official SDK. Nothing in it knows of a gateway but the address and the credential.</summary>
public static class FilesAgent
{
    private const string Usage = "McpClient ADDRESS [TOOL [ARGUMENT=VALUE …]]; CERTIFICATE and KEY or TOKEN say who calls, and AUTHORITY whom to trust";

    /// <summary>Lists the tools, or calls one. 0: done; 1: refused; 2: not understood.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, Func<string, string?> environment)
    {
        if (args is not [var address, ..] || !Uri.TryCreate(address, UriKind.Absolute, out var endpoint))
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }

        using var handler = Credentials.Handler(environment);
        using var http = new HttpClient(handler);
        if (environment("TOKEN") is { } token)
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await using var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = endpoint, TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using var client = await McpClient.CreateAsync(transport);
        return args.Length == 1 ? await ListAsync(client, output) : await CallAsync(client, args[1], args[2..], output);
    }

    private static async Task<int> ListAsync(McpClient client, TextWriter output)
    {
        // Only what the caller may use: the gateway leaves everything else out.
        foreach (var tool in await client.ListToolsAsync())
            await output.WriteLineAsync($"{tool.Name}: {tool.Description}");
        return 0;
    }

    private static async Task<int> CallAsync(McpClient client, string tool, string[] arguments, TextWriter output)
    {
        try
        {
            var given = arguments.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => (object?)pair[^1], StringComparer.Ordinal);
            var result = await client.CallToolAsync(tool, given);
            foreach (var part in result.Content.OfType<TextContentBlock>())
                await output.WriteLineAsync(part.Text);
            return result.IsError == true ? 1 : 0;
        }
        catch (McpProtocolException e)
        {
            // A denial is an ordinary error of this one call; the session goes on.
            await output.WriteLineAsync($"refused ({(int)e.ErrorCode}): {e.Message}");
            return 1;
        }
    }
}
