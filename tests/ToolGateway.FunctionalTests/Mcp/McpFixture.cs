using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>The gateway before a scripted MCP server whose answers are chosen by method.</summary>
internal sealed class McpFixture : IAsyncDisposable
{
    public const string Endpoint = "/tools/files";

    private readonly Dictionary<string, Func<JsonObject, byte[]>> _answers = new(StringComparer.Ordinal);

    private McpFixture(GatewayFixture gateway)
    {
        Gateway = gateway;
        gateway.Upstream.Respond = RespondAsync;
    }

    public GatewayFixture Gateway { get; }

    public static async Task<McpFixture> StartAsync(Action<JsonObject>? configure = null, Action<GatewayFixture>? prepare = null) => new(await GatewayFixture.StartAsync(gateway =>
    {
        var tool = new JsonObject
        {
            ["Protocol"] = "mcp",
            ["Upstream"] = gateway.Upstream.Url + "mcp",
            ["Owner"] = "team-files@acme.test",
            ["Risk"] = "medium",
            ["Actions"] = new JsonObject { ["read_file"] = new JsonObject { ["Risk"] = "low", ["Effect"] = "read" }, ["list_directory"] = new JsonObject { ["Risk"] = "low", ["Effect"] = "read" } },
        };
        configure?.Invoke(tool);
        prepare?.Invoke(gateway);
        gateway.Configuration["Tools"]!["files"] = tool;
    }));

    /// <summary>Sets what the server answers to a method.</summary>
    public void Answer(string method, Func<JsonObject, byte[]> answer) => _answers[method] = answer;

    public void AnswerResult(string method, string result, params string[] headers) =>
        Answer(method, request => RawUpstream.Answer($$"""{"jsonrpc":"2.0","id":{{request["id"]?.ToJsonString() ?? "0"}},"result":{{result}}}""", 200, headers));

    /// <summary>A request of the newest revision, as an SDK would send it.</summary>
    public static HttpRequestMessage Modern(string method, string parameters = "{}", string id = "1")
    {
        var body = JsonNode.Parse(parameters)!.AsObject();
        body["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        var request = Post($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{body.ToJsonString()}}}""");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (body["name"] is { } name)
            request.Headers.Add("Mcp-Name", name.ToString());
        return request;
    }

    /// <summary>A request of a revision with sessions.</summary>
    public static HttpRequestMessage Legacy(string body, string? session = null)
    {
        var request = Post(body);
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        return request;
    }

    public static HttpRequestMessage Post(string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        return request;
    }

    public async ValueTask DisposeAsync() => await Gateway.DisposeAsync();

    private Task RespondAsync(RawRequest request, NetworkStream stream, CancellationToken cancellation)
    {
        var message = request.Body.Length == 0 ? new JsonObject { ["method"] = request.Line.Split(' ')[0] } : JsonNode.Parse(request.Body)!.AsObject();
        var method = message["method"]?.ToString() ?? "response";
        var answer = _answers.TryGetValue(method, out var make) ? make(message) : RawUpstream.Answer("", 202);
        return stream.WriteAsync(answer, cancellation).AsTask();
    }
}
