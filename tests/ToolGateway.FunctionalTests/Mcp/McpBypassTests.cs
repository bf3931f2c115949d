using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ToolGateway.FunctionalTests.Identity;
using ToolGateway.Testing;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>Attempts to get past the decision, as bytes on a socket: nothing reaches the server, the client is told, and each leaves a denial and its outcome in the audit log.</summary>
public sealed partial class McpBypassTests(McpBypassTests.Server server) : IClassFixture<McpBypassTests.Server>
{
    private readonly GatewayFixture _gateway = server.Fixture.Gateway;

    /// <summary>Requests of these tests that reached the server; the gateway's own look at the pinned tools is none of them.</summary>
    private int Forwarded => _gateway.Upstream.Requests.Count(request => request.Header("Idempotency-Key") == "bypass");

    [Fact]
    public async Task GoodCall_Unchanged_Passes()
    {
        var before = Forwarded;

        var answer = await PostAsync(BypassCases.Headers, BypassCases.Body);

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal(before + 1, Forwarded);
    }

    [Fact]
    public Task Headers_ThatSaySomethingElseThanTheBody_AreRefused() => AssertRefusedAsync(BypassCases.ChangedHeaders.Select(change =>
        ($"{change.Header}: {change.Value}", Request(new Dictionary<string, string?>(BypassCases.Headers) { [change.Header] = change.Value }, BypassCases.Body))));

    [Fact]
    public Task Bodies_ThatTwoReadersCouldReadDifferently_OrThatAreNoCall_AreRefused() => AssertRefusedAsync(BypassCases.ChangedBodies.Select(change =>
    {
        var body = BypassCases.Body.Replace(change.Part, change.Replacement, StringComparison.Ordinal);
        Assert.NotEqual(BypassCases.Body, body);
        return (change.Replacement, Request(BypassCases.Headers, body));
    }));

    [Theory]
    [InlineData("PUT /tools/files")]
    [InlineData("GET /tools/files")]
    [InlineData("DELETE /tools/files")]
    [InlineData("POST /tools/files/mcp")]
    [InlineData("POST /tools/files?name=delete_file")]
    [InlineData("POST /tools/FILES")]
    public Task Targets_OtherThanTheEndpoint_AreRefused(string line) =>
        AssertRefusedAsync([(line, Request(BypassCases.Headers, BypassCases.Body).Replace("POST /tools/files", line, StringComparison.Ordinal))]);

    [Fact]
    public async Task Sessions_OfOthers_AreUnknown()
    {
        var delegated = _gateway.Token(change: request => request with { Subject = "user-1", Actors = ["support"] });
        var own = await InitializeAsync("files", _gateway.Token());
        (string Name, string Request)[] attempts =
        [
            .. new[] { "POST", "GET", "DELETE" }.SelectMany(method => new[]
            {
                ($"{method}, another caller", Legacy(method, "files", own, _gateway.Token("reporting"))),
                ($"{method}, on behalf of somebody", Legacy(method, "files", own, delegated)),
                ($"{method}, another tool", Legacy(method, "archive", own, _gateway.Token())),
                ($"{method}, the server's own id", Legacy(method, "files", "upstream-7", _gateway.Token())),
                ($"{method}, twice", Legacy(method, "files", $"{own}\r\nMcp-Session-Id: {own}", _gateway.Token())),
                ($"{method}, cut", Legacy(method, "files", own[..^2], _gateway.Token())),
                ($"{method}, changed", Legacy(method, "files", (own[0] == 'A' ? "B" : "A") + own[1..], _gateway.Token())),
                ($"{method}, longer", Legacy(method, "files", own + "AAAA", _gateway.Token())),
                ($"{method}, huge", Legacy(method, "files", new string('A', 4000), _gateway.Token())),
                ($"{method}, empty", Legacy(method, "files", "", _gateway.Token())),
            }),
        ];

        await AssertRefusedAsync(attempts);

        Assert.StartsWith("HTTP/1.1 200 ", await _gateway.SendRawAsync(Legacy("POST", "files", own, _gateway.Token())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_ToWhatAnotherWasAsked_AreRefused()
    {
        server.Fixture.Answer("ping", request => RawUpstream.Answer(
            $"data: {{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"elicitation/create\",\"params\":{{}}}}\n\ndata: {{\"jsonrpc\":\"2.0\",\"id\":{request["id"]!.ToJsonString()},\"result\":{{}}}}\n\n",
            200, "Content-Type: text/event-stream"));
        var own = await InitializeAsync("files", _gateway.Token());
        var other = await InitializeAsync("files", _gateway.Token("reporting"));
        await _gateway.SendRawAsync(Legacy("POST", "files", own, _gateway.Token()));
        const string Answer = """{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}""";

        await AssertRefusedAsync(
        [
            ("by another caller", Legacy("POST", "files", other, _gateway.Token("reporting"), Answer)),
            ("in no session", Legacy("POST", "files", null, _gateway.Token(), Answer)),
            ("with a text for a number", Legacy("POST", "files", own, _gateway.Token(), Answer.Replace(":1,", ":\"1\",", StringComparison.Ordinal))),
            ("with another number", Legacy("POST", "files", own, _gateway.Token(), Answer.Replace(":1,", ":2,", StringComparison.Ordinal))),
            ("with result and error", Legacy("POST", "files", own, _gateway.Token(), Answer.Replace("\"result\"", "\"error\":{},\"result\"", StringComparison.Ordinal))),
            ("in a batch", Legacy("POST", "files", own, _gateway.Token(), $"[{Answer}]")),
        ]);

        Assert.StartsWith("HTTP/1.1 202 ", await _gateway.SendRawAsync(Legacy("POST", "files", own, _gateway.Token(), Answer)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_OfAnOlderRevision_BesideANewCall_IsNotForwarded()
    {
        var own = await InitializeAsync("files", _gateway.Token());

        await PostAsync(new Dictionary<string, string?>(BypassCases.Headers) { ["Mcp-Session-Id"] = own, ["Mcp_Name"] = "delete_file", ["X-Mcp-Name"] = "delete_file" }, BypassCases.Body);

        var received = _gateway.Upstream.Requests.Last(request => request.Header("Idempotency-Key") == "bypass");
        Assert.DoesNotContain(received.Headers, header => header.StartsWith("Mcp-Session-Id", StringComparison.OrdinalIgnoreCase) || header.Contains("delete_file", StringComparison.Ordinal));
    }

    /// <summary>Sends the requests one after the other, and says of all that got somewhere.</summary>
    private async Task AssertRefusedAsync(IEnumerable<(string Name, string Request)> attempts)
    {
        var failures = new List<string>();
        foreach (var (name, request) in attempts)
        {
            var before = Forwarded;
            var answer = await _gateway.SendRawAsync(request);
            var isRefused = !answer.StartsWith("HTTP/1.1 2", StringComparison.Ordinal) || answer.Contains("\"error\":{", StringComparison.Ordinal);
            if (!isRefused || Forwarded != before)
                failures.Add($"{name}: {answer}");
            else if (DecisionId().Match(answer) is not { Success: true } decision)
                failures.Add($"{name} left no decision: {answer}");
            else if ((bool)(await AuditRecords.FindAsync(_gateway, decision.Groups[1].Value))["allow"]! || await AuditRecords.FindAsync(_gateway, decision.Groups[1].Value, "outcome") is null)
                failures.Add($"{name} was allowed");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private Task<string> PostAsync(IReadOnlyDictionary<string, string?> headers, string body) => _gateway.SendRawAsync(Request(headers, body));

    private string Request(IReadOnlyDictionary<string, string?> headers, string body) => Request("POST", "files", headers, _gateway.Token(), body);

    private static string Request(string method, string tool, IReadOnlyDictionary<string, string?> headers, string token, string body) =>
        $"{method} /tools/{tool} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nAccept: application/json, text/event-stream\r\nIdempotency-Key: bypass\r\n"
        + string.Concat(headers.Where(header => header.Value is not null).Select(header => $"{header.Key}: {header.Value}\r\n"))
        + (method is "POST" or "PUT" ? $"Content-Length: {body.Length}\r\n\r\n{body}" : "\r\n");

    private static string Legacy(string method, string tool, string? session, string token, string body = """{"jsonrpc":"2.0","id":3,"method":"ping"}""") => Request(
        method,
        tool,
        new Dictionary<string, string?>
        {
            ["MCP-Protocol-Version"] = "2025-11-25",
            ["Content-Type"] = method == "POST" ? "application/json" : null,
            ["Mcp-Session-Id"] = session,
            ["Last-Event-ID"] = method == "GET" ? "of-another-stream" : null,
        },
        token,
        body);

    private async Task<string> InitializeAsync(string tool, string token)
    {
        var answer = await _gateway.SendRawAsync(Legacy("POST", tool, null, token, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"""));
        return SessionId().Match(answer).Groups[1].Value;
    }

    [GeneratedRegex("Tool-Decision-Id: ([0-9a-f]{32})", RegexOptions.IgnoreCase)]
    private static partial Regex DecisionId();

    [GeneratedRegex("Mcp-Session-Id: ([A-Za-z0-9_-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex SessionId();

    /// <summary>One gateway for all of these tests: two tools with one server behind them, and a pin that mirrors an argument.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private const string Definition = """{"name":"read_file","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"zone":{"type":"integer","x-mcp-header":"Zone"}}}}""";

        internal McpFixture Fixture { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            JsonObject? files = null;
            Fixture = await McpFixture.StartAsync(
                tool =>
                {
                    tool["Mcp"] = new JsonObject { ["PinPath"] = "pins.json" };
                    files = tool;
                },
                Prepare);
            Fixture.AnswerResult("initialize", "{}", "Mcp-Session-Id: upstream-7");
            Fixture.AnswerResult("ping", "{}");
            Fixture.AnswerResult("tools/call", """{"content":[]}""");

            void Prepare(GatewayFixture gateway)
            {
                gateway.Configuration["Tools"]!["archive"] = files!.DeepClone();
                McpCallTests.Grant(gateway, "delete_file", """{"purposes":["nothing"]}""");
                var data = JsonNode.Parse(File.ReadAllText(Path.Combine(gateway.PolicyDirectory, "toolgateway", "data.json")))!;
                var grants = data["grants"]!;
                grants["support"]!["archive"] = new JsonObject { ["read_file"] = new JsonObject() };
                grants["reporting"]!["files"] = new JsonObject { ["read_file"] = new JsonObject() };
                File.WriteAllText(Path.Combine(gateway.PolicyDirectory, "toolgateway", "data.json"), data.ToJsonString());
                var digest = ToolPinFile.Digest((Rego.Values.RegoObject)Rego.Values.RegoJson.Parse(Definition));
                File.WriteAllText(Path.Combine(gateway.Directory, "pins.json"), $$$"""{"tools":{"read_file":{"digest":"{{{digest}}}","definition":{{{Definition}}} } } }""");
            }
        }

        public async Task DisposeAsync() => await Fixture.DisposeAsync();
    }
}
