using System.Globalization;
using System.Net;
using BenchmarkDotNet.Attributes;
using ToolGateway.Load;

namespace ToolGateway.Benchmarks.Calls;

/// <summary>
/// One call through everything, over loopback sockets in this process: what the gateway adds to a bare YARP is the difference to the baseline, in time and in bytes. Client and
/// tool allocate too, the same in both.
/// </summary>
[MemoryDiagnoser]
public class CallBenchmarks
{
    private readonly List<WebApplication> _servers = [];
    private Scratch? _scratch;
    private Client? _yarp;
    private Client? _http;
    private Client? _mcp;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var toolPort = Scratch.FreePort();
        var yarpPort = Scratch.FreePort();
        _scratch = new Scratch(AppContext.BaseDirectory, toolPort);
        await StartAsync("tool", Text(toolPort));
        await StartAsync("yarp", Text(yarpPort), $"http://127.0.0.1:{Text(toolPort)}/");
        await StartAsync("gateway", Path.Combine(_scratch.Directory, "plain.json"));
        _yarp = Client(yarpPort, Target.Get("/customers/########"));
        _http = Client(_scratch.GatewayPort, Target.Get("/tools/crm/customers/########", _scratch.Token));
        _mcp = Client(_scratch.GatewayPort, Target.ToolsCall(_scratch.Token));
    }

    [Benchmark(Baseline = true)]
    public Task BareYarpAsync() => CallAsync(_yarp!);

    [Benchmark]
    public Task HttpCallAsync() => CallAsync(_http!);

    [Benchmark]
    public Task McpToolsCallAsync() => CallAsync(_mcp!);

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        foreach (var client in new[] { _yarp, _http, _mcp })
            await client!.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        _scratch!.Dispose();
    }

    private static async Task CallAsync(Client client)
    {
        if (!await client.SendAsync(CancellationToken.None))
            throw new InvalidOperationException("the call was not answered with 200");
    }

    private static Client Client(int port, byte[] request) => new(new Target("call", new IPEndPoint(IPAddress.Loopback, port), request));

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private async Task StartAsync(string role, params string[] arguments)
    {
        var server = Servers.Build(role, arguments);
        _servers.Add(server);
        await server.StartAsync();
    }
}
