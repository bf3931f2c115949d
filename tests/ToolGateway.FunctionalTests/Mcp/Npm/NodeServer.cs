using System.Diagnostics;
using System.Net.Sockets;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>A server on Node, over Streamable HTTP.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly int _port;

    private NodeServer(Process process, int port)
    {
        _process = process;
        _port = port;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Url => $"http://localhost:{_port}/mcp";

    /// <summary>The reference server <c>server-everything</c>, with sessions.</summary>
    public static Task<NodeServer> StartEverythingAsync() =>
        StartAsync(onNewNode: false, "node_modules/@modelcontextprotocol/server-everything/dist/index.js", "streamableHttp");

    /// <summary>A server of the newest revision, on the official SDK.</summary>
    public static Task<NodeServer> StartModernAsync() => StartAsync(onNewNode: true, "modern-server.mjs");

    private static async Task<NodeServer> StartAsync(bool onNewNode, params string[] program)
    {
        var port = GatewayFixture.FreePort();
        var server = new NodeServer(NodeProgram.Start(onNewNode, new Dictionary<string, string> { ["PORT"] = $"{port}" }, program), port);
        await server.UntilItListensAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task UntilItListensAsync()
    {
        var deadline = Environment.TickCount64 + 30_000;
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", _port);
                return;
            }
            catch (SocketException) when (Environment.TickCount64 < deadline && !_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}
