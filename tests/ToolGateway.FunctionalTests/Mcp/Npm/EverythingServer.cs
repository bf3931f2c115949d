using System.Diagnostics;
using System.Net.Sockets;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>The reference server <c>server-everything</c>, over Streamable HTTP with sessions.</summary>
internal sealed class EverythingServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly int _port;

    private EverythingServer(Process process, int port)
    {
        _process = process;
        _port = port;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Url => $"http://localhost:{_port}/mcp";

    public static async Task<EverythingServer> StartAsync()
    {
        var port = GatewayFixture.FreePort();
        var process = NodeProgram.Start(
            new Dictionary<string, string> { ["PORT"] = $"{port}" }, "node_modules/@modelcontextprotocol/server-everything/dist/index.js", "streamableHttp");
        var server = new EverythingServer(process, port);
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
