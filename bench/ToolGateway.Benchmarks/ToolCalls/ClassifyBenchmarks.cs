using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ToolGateway.Enforcement;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Benchmarks.ToolCalls;

/// <summary>What is called: against what merely parsing the same body costs (the baseline).</summary>
[MemoryDiagnoser]
public class ClassifyBenchmarks
{
    private static readonly byte[] Refund = Encoding.UTF8.GetBytes("""{"order":"A-17","amount":40,"lines":[{"sku":"B-1","count":2},{"sku":"C-9","count":1}],"note":"damaged on arrival"}""");
    private static readonly byte[] ToolsCall = Encoding.UTF8.GetBytes("""
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"/a"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
        """);

    private Gateway? _gateway;
    private ToolProtocols _protocols = null!;
    private (DefaultHttpContext Context, GatewayCall Call, ToolTarget Target) _get;
    private (DefaultHttpContext Context, GatewayCall Call, ToolTarget Target) _post;
    private (DefaultHttpContext Context, GatewayCall Call, ToolTarget Target) _mcp;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _gateway = new Gateway();
        _protocols = _gateway.Get<ToolProtocols>();
        _get = await BeginAsync(_gateway.Request(HttpMethods.Get, "/tools/crm/customers/42", withToken: true));
        _post = await BeginAsync(WithBody(_gateway.Request(HttpMethods.Post, "/tools/crm/refunds", withToken: true), Refund));
        var mcp = WithBody(_gateway.Request(HttpMethods.Post, "/tools/files", withToken: true), ToolsCall);
        mcp.Request.Headers.Accept = "application/json, text/event-stream";
        mcp.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
        mcp.Request.Headers["Mcp-Method"] = "tools/call";
        mcp.Request.Headers["Mcp-Name"] = "read_file";
        _mcp = await BeginAsync(mcp);
    }

    [Benchmark(Baseline = true)]
    public void ParseJsonDocument() => JsonDocument.Parse(Refund).Dispose();

    [Benchmark]
    public Task HttpGetAsync() => ClassifyAsync(_get, null);

    [Benchmark]
    public Task HttpPostJsonAsync() => ClassifyAsync(_post, Refund);

    [Benchmark]
    public Task McpToolsCallAsync() => ClassifyAsync(_mcp, ToolsCall);

    [GlobalCleanup]
    public async Task CleanupAsync() => await _gateway!.DisposeAsync();

    private static DefaultHttpContext WithBody(DefaultHttpContext context, byte[] body)
    {
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        return context;
    }

    private async Task<(DefaultHttpContext Context, GatewayCall Call, ToolTarget Target)> BeginAsync(DefaultHttpContext context)
    {
        var (call, target) = await _gateway!.BeginAsync(context);
        return (context, call, target);
    }

    private async Task ClassifyAsync((DefaultHttpContext Context, GatewayCall Call, ToolTarget Target) request, byte[]? body)
    {
        if (body is not null)
            request.Context.Request.Body = new MemoryStream(body, writable: false);
        var classification = await _protocols.Of(request.Call.Tool).ClassifyAsync(request.Context, request.Call, request.Target);
        if (classification.Refusal is { } refusal)
            throw new InvalidOperationException(refusal.Detail);
    }
}
