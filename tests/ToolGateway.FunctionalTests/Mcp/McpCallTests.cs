using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

public sealed class McpCallTests
{
    private const string Read = """{"name":"read_file","arguments":{"path":"/a"}}""";

    [Fact]
    public async Task ToolsCall_Granted_IsForwardedByteForByte()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        mcp.AnswerResult("tools/call", """{"content":[{"type":"text","text":"hello"}]}""");
        using var request = McpFixture.Modern("tools/call", Read);
        var sent = await request.Content!.ReadAsByteArrayAsync();

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("hello", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var received = Assert.Single(mcp.Gateway.Upstream.Requests);
        Assert.Equal(sent, received.Body);
        Assert.Equal("POST /mcp HTTP/1.1", received.Line);
        Assert.Equal("read_file", received.Header("Mcp-Name"));
        Assert.Equal("2026-07-28", received.Header("MCP-Protocol-Version"));
        Assert.Null(received.Header("Authorization"));
    }

    [Fact]
    public async Task ToolsCall_NotVisible_IsAnUnknownToolAndTheSessionGoesOn()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        mcp.AnswerResult("tools/call", """{"content":[]}""");

        var (status, error) = await SendAsync(client, McpFixture.Modern("tools/call", """{"name":"delete_file","arguments":{}}""", "\"x-1\""));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("x-1", (string?)error["id"]);
        Assert.Equal(-32602, (int)error["error"]!["code"]!);
        Assert.Equal("Unknown tool: delete_file", (string?)error["error"]!["message"]);
        Assert.Empty(mcp.Gateway.Upstream.Requests);
        var (again, _) = await SendAsync(client, McpFixture.Modern("tools/call", Read));
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Single(mcp.Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("result")]
    public async Task ToolsCall_DeniedByPolicy_IsAnErrorOrAResultThatNamesReasons(string denyAs)
    {
        await using var mcp = await McpFixture.StartAsync(tool =>
        {
            tool["Mcp"] = new JsonObject { ["DenyAs"] = denyAs };
            tool["Actions"]!["read_file"]!["Risk"] = "high";
        });
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));

        var (status, answer) = await SendAsync(client, McpFixture.Modern("tools/call", Read));

        Assert.Equal(HttpStatusCode.OK, status);
        var data = denyAs == "error" ? answer["error"]!["data"]! : answer["result"]!["_meta"]!["dev.toolgateway/denial"]!;
        Assert.Contains("intent_unverified", data["reasons"]!.AsArray().Select(reason => (string)reason!));
        Assert.False((bool)data["retryable"]!);
        Assert.Equal(32, ((string)data["decision_id"]!).Length);
        if (denyAs == "error")
            Assert.Equal(403, (int)answer["error"]!["code"]!);
        else
            Assert.True((bool)answer["result"]!["isError"]!);
    }

    [Theory]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", 400, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","METHOD":"tools/call"}""", 400, -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"} {}""", 400, -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage"}""", 404, -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":[]}}""", 400, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a/b"}}""", 400, -32602)]
    public async Task Message_Malformed_IsRefusedBeforeAnyDecision(string body, int status, int code)
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));

        var (actual, answer) = await SendAsync(client, McpFixture.Legacy(body));

        Assert.Equal(status, (int)actual);
        Assert.Equal(code, (int)answer["error"]!["code"]!);
        Assert.Empty(mcp.Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Name", "delete_file")]
    [InlineData("Mcp-Name", "=?base64?ZGVsZXRlX2ZpbGU=?=")]
    public async Task Mirror_DiffersFromBody_IsHeaderMismatch(string header, string value)
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var request = McpFixture.Modern("tools/call", Read);
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);

        var (status, answer) = await SendAsync(client, request);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(-32020, (int)answer["error"]!["code"]!);
    }

    [Fact]
    public async Task Mirror_EncodedButEqual_IsAccepted()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        mcp.AnswerResult("tools/call", """{"content":[]}""");
        using var request = McpFixture.Modern("tools/call", Read);
        request.Headers.Remove("Mcp-Name");
        request.Headers.TryAddWithoutValidation("Mcp-Name", $"=?base64?{Convert.ToBase64String("read_file"u8)}?=");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, request)).Status);
    }

    [Fact]
    public async Task Version_Unsupported_NamesTheSupportedOnes()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var request = McpFixture.Post("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        request.Headers.Add("MCP-Protocol-Version", "2024-01-01");

        var (status, answer) = await SendAsync(client, request);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(-32022, (int)answer["error"]!["code"]!);
        Assert.Contains("2026-07-28", answer["error"]!["data"]!["supported"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_Missing_Is401WithMetadata()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client();

        using var response = await client.SendAsync(McpFixture.Modern("tools/list"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("/.well-known/oauth-protected-resource/tools/files", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redaction_ReachesStructuredContentAndTextThatIsJson()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        mcp.AnswerResult("tools/call", """{"content":[{"type":"text","text":"{\"ssn\":\"078\",\"name\":\"Ada\"}"}],"structuredContent":{"ssn":"078","name":"Ada"}}""");
        await mcp.Gateway.AfterReloadAsync(() => Grant(mcp.Gateway, """{"obligations":[{"type":"redact_response","pointers":["/ssn"]}]}"""));

        using var response = await client.SendAsync(McpFixture.Modern("tools/call", Read));

        var body = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("078", body, StringComparison.Ordinal);
        Assert.Contains("Ada", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryCall_LeavesItsPairWithTheMcpAction()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        mcp.AnswerResult("tools/call", """{"content":[]}""");
        await SendAsync(client, McpFixture.Modern("tools/call", Read));
        await SendAsync(client, McpFixture.Modern("tools/call", """{"name":"delete_file","arguments":{}}"""));
        await SendAsync(client, McpFixture.Legacy("""{"jsonrpc":"2.0","id":1,"method":"nonsense"}"""));
        await mcp.Gateway.StopAsync();

        var log = string.Concat(Directory.EnumerateFiles(mcp.Gateway.AuditDirectory, "*.jsonl", SearchOption.AllDirectories).Select(File.ReadAllText));
        var records = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        var decisions = records.Where(record => (string?)record["type"] == "decision").Select(record => (string)record["decision_id"]!).ToArray();
        var outcomes = records.Where(record => (string?)record["type"] == "outcome").Select(record => (string)record["decision_id"]!).ToArray();
        Assert.Equal(3, decisions.Length);
        Assert.Equal(decisions.Order(StringComparer.Ordinal), outcomes.Order(StringComparer.Ordinal));
        Assert.Contains("\"read_file\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InputResponsesAndRequestState_OfARetry_ReachThePolicy()
    {
        await using var mcp = await McpFixture.StartAsync(prepare: gateway => File.WriteAllText(Path.Combine(gateway.PolicyDirectory, "toolgateway", "confirmed.rego"), """
            package toolgateway

            reasons contains "not_confirmed" if {
            	input.action.name == "read_file"
            	not confirmed
            }

            confirmed if {
            	input.context.mcp.input_responses.ok.action == "accept"
            	input.context.mcp.request_state_digest == crypto.sha256("state-1")
            }
            """));
        mcp.AnswerResult("tools/call", """{"resultType":"input_required","inputRequests":{},"requestState":"state-1"}""");
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        const string Retry = """{"name":"read_file","arguments":{},"inputResponses":{"ok":{"action":"accept"}},"requestState":"state-1"}""";

        var (_, first) = await SendAsync(client, McpFixture.Modern("tools/call", Read));
        var (_, declined) = await SendAsync(client, McpFixture.Modern("tools/call", Retry.Replace("accept", "decline", StringComparison.Ordinal)));
        var (_, confirmed) = await SendAsync(client, McpFixture.Modern("tools/call", Retry));

        Assert.Equal("not_confirmed", (string?)first["error"]!["data"]!["reasons"]![0]);
        Assert.Equal("not_confirmed", (string?)declined["error"]!["data"]!["reasons"]![0]);
        Assert.Equal("input_required", (string?)confirmed["result"]!["resultType"]);
    }

    [Fact]
    public async Task Notification_Denied_Is403WithAnErrorWithoutId()
    {
        await using var mcp = await McpFixture.StartAsync();
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("reporting"));

        var (status, answer) = await SendAsync(client, McpFixture.Legacy("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"""));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal(403, (int)answer["error"]!["code"]!);
        Assert.Null(answer["id"]);
        Assert.Empty(mcp.Gateway.Upstream.Requests);
    }

    [Theory]
    [InlineData("https://attacker.test", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Origin_OfAnotherSite_IsRefused(string? origin, HttpStatusCode expected)
    {
        await using var mcp = await McpFixture.StartAsync();
        mcp.AnswerResult("ping", "{}");
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        var request = McpFixture.Legacy("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        request.Headers.Add("Origin", origin ?? mcp.Gateway.PublicUrl);

        Assert.Equal(expected, (await SendAsync(client, request)).Status);
    }

    internal static void Grant(GatewayFixture gateway, string grant) => Grant(gateway, "read_file", grant);

    internal static void Grant(GatewayFixture gateway, string action, string grant)
    {
        var path = Path.Combine(gateway.PolicyDirectory, "toolgateway", "data.json");
        var data = JsonNode.Parse(File.ReadAllText(path))!;
        data["grants"]!["support"]!["files"]![action] = JsonNode.Parse(grant);
        File.WriteAllText(path, data.ToJsonString());
    }

    internal static async Task<(HttpStatusCode Status, JsonNode Answer)> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return (response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(Encoding.UTF8.GetBytes(text))!);
        }
    }
}
