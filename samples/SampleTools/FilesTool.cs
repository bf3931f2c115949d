using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ToolGateway.Samples;

/// <summary>A small file store as an MCP server (Streamable HTTP, stateless), on the official SDK.</summary>
public static class FilesTool
{
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["/readme.txt"] = "Welcome.",
        ["/secrets/payroll.csv"] = "ada,100000",
    };

    /// <summary>Serves the endpoint at <paramref name="path"/>.</summary>
    public static void MapFilesTool(this WebApplication app, string path = "/mcp") => app.MapPost(path, ServeAsync);

    private static async Task ServeAsync(HttpContext context)
    {
        var type = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));
        var message = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
        message!.Context = new JsonRpcMessageContext { ProtocolVersion = context.Request.Headers["MCP-Protocol-Version"] };
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, Options(), serviceProvider: context.RequestServices);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var running = server.RunAsync(stop.Token);
        context.Response.ContentType = "text/event-stream";
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted))
        {
            context.Response.ContentType = null;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // The request is answered; its server ends with it.
        }
    }

    private static McpServerOptions Options() => new()
    {
        ServerInfo = new Implementation { Name = "files", Version = "1" },
        ToolCollection =
        [
            McpServerTool.Create([Description("Names of the files")] () => Files.Keys.ToArray(), new() { Name = "list_directory" }),
            McpServerTool.Create([Description("Content of a file")] (string path) => Files.GetValueOrDefault(path, "no such file"), new() { Name = "read_file" }),
            McpServerTool.Create([Description("Deletes a file")] (string path) => Files.Remove(path), new() { Name = "delete_file" }),
        ],
    };
}
