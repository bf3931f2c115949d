using System.ComponentModel;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>One server behind one transport, until it is disposed.</summary>
internal sealed class SdkSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly McpServer _server;
    private readonly Task _running;

    public SdkSession(StreamableHttpServerTransport transport)
    {
        Transport = transport;
        _server = McpServer.Create(transport, Options());
        _running = _server.RunAsync(_stop.Token);
    }

    public StreamableHttpServerTransport Transport { get; }

    public async Task HandleAsync(JsonRpcMessage message, HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        if (await Transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted))
            return;
        context.Response.ContentType = null;
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        await _server.DisposeAsync();
        await Transport.DisposeAsync();
        _stop.Dispose();
    }

    private static McpServerOptions Options() => new()
    {
        ServerInfo = new Implementation { Name = "files", Version = "1" },
        ToolCollection =
        [
            McpServerTool.Create([Description("Names of the files")] () => "readme.txt", new() { Name = "list_directory" }),
            McpServerTool.Create([Description("Content of a file")] (string path) => $"content of {path}", new() { Name = "read_file" }),
            McpServerTool.Create([Description("Deletes a file")] (string path) => path.Length > 0, new() { Name = "delete_file" }),
            McpServerTool.Create([Description("Asks the user, and then writes")] (McpServer server, CancellationToken cancellation) => AskAsync(server, cancellation), new() { Name = "write_file" }),
        ],
    };

    private static async Task<string> AskAsync(McpServer server, CancellationToken cancellation)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = "Really?", RequestedSchema = new() }, cancellation);
        return $"the user said {answer.Action}";
    }
}
