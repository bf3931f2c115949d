using System.Net;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

public sealed class McpSessionTests
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
        """;

    private const string Ping = """{"jsonrpc":"2.0","id":2,"method":"ping"}""";

    [Fact]
    public async Task SessionId_IsTheGatewaysOwnAndOfOneCaller()
    {
        await using var mcp = await McpFixture.StartAsync();
        mcp.AnswerResult("initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}""", "Mcp-Session-Id: upstream-7");
        mcp.AnswerResult("ping", "{}");
        using var support = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var reporting = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("reporting"));
        var session = await InitializeAsync(support);
        Assert.DoesNotContain("upstream-7", session, StringComparison.Ordinal);

        using var own = await support.SendAsync(McpFixture.Legacy(Ping, session));
        using var foreign = await reporting.SendAsync(McpFixture.Legacy(Ping, session));
        using var invented = await support.SendAsync(McpFixture.Legacy(Ping, "upstream-7"));

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, invented.StatusCode);
        Assert.Equal("upstream-7", mcp.Gateway.Upstream.Requests.Last().Header("Mcp-Session-Id"));
        Assert.Equal(2, mcp.Gateway.Upstream.Requests.Count);
    }

    [Fact]
    public async Task SessionId_AfterARestart_IsStillOfTheSameCallerOnly()
    {
        await using var mcp = await McpFixture.StartAsync();
        mcp.AnswerResult("initialize", "{}", "Mcp-Session-Id: upstream-7");
        mcp.AnswerResult("ping", "{}");
        string session;
        using (var before = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support")))
            session = await InitializeAsync(before);

        await mcp.Gateway.RestartAsync();

        using var support = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var reporting = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("reporting"));
        using var own = await support.SendAsync(McpFixture.Legacy(Ping, session));
        using var foreign = await reporting.SendAsync(McpFixture.Legacy(Ping, session));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public async Task Response_NobodyWaitsFor_IsRefused_AndOneThatIsAwaitedPassesOnce()
    {
        await using var mcp = await McpFixture.StartAsync();
        mcp.AnswerResult("initialize", "{}", "Mcp-Session-Id: upstream-7");
        const string Asks = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"e-1\",\"method\":\"elicitation/create\",\"params\":{}}\n\n"
            + "data: {\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"content\":[]}}\n\n";
        mcp.Answer("tools/call", _ => RawUpstream.Answer(Asks, 200, "Content-Type: text/event-stream"));
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        var session = await InitializeAsync(client);
        const string Answer = """{"jsonrpc":"2.0","id":"e-1","result":{"action":"accept"}}""";

        using var early = await client.SendAsync(McpFixture.Legacy(Answer, session));
        using var call = await client.SendAsync(McpFixture.Legacy("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"read_file","arguments":{}}}""", session));
        var events = await call.Content.ReadAsStringAsync();
        using var awaited = await client.SendAsync(McpFixture.Legacy(Answer, session));
        using var again = await client.SendAsync(McpFixture.Legacy(Answer, session));

        Assert.Equal(HttpStatusCode.BadRequest, early.StatusCode);
        Assert.Equal(Asks, events);
        Assert.Equal(HttpStatusCode.Accepted, awaited.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    [Fact]
    public async Task Response_FetchedOnAnotherStream_IsShapedAsOnItsOwn_AndNoneThatNobodyAskedFor()
    {
        await using var mcp = await McpFixture.StartAsync();
        mcp.AnswerResult("initialize", "{}", "Mcp-Session-Id: upstream-7");
        mcp.Answer("tools/list", _ => RawUpstream.Answer("id: 1\ndata:\n\n", 200, "Content-Type: text/event-stream"));
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        var session = await InitializeAsync(client);
        using var list = await client.SendAsync(McpFixture.Legacy("""{"jsonrpc":"2.0","id":5,"method":"tools/list"}""", session));
        const string Result = """{"tools":[{"name":"delete_file","inputSchema":{}},{"name":"read_file","inputSchema":{}}]}""";

        var own = await ResumeAsync(5);
        var foreign = await Assert.ThrowsAnyAsync<HttpRequestException>(() => ResumeAsync(6));

        Assert.Contains("read_file", own, StringComparison.Ordinal);
        Assert.DoesNotContain("delete_file", own, StringComparison.Ordinal);
        Assert.DoesNotContain("delete_file", foreign.Message, StringComparison.Ordinal);

        async Task<string> ResumeAsync(int id)
        {
            mcp.Answer("GET", _ => RawUpstream.Answer($"data: {{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{Result}}}\n\n", 200, "Content-Type: text/event-stream"));
            using var request = new HttpRequestMessage(HttpMethod.Get, McpFixture.Endpoint);
            request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
            request.Headers.Add("Mcp-Session-Id", session);
            request.Headers.Add("Last-Event-ID", "1");
            using var response = await client.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task GetAndDelete_BelongToOlderRevisions()
    {
        await using var mcp = await McpFixture.StartAsync();
        mcp.Answer("GET", _ => RawUpstream.Answer("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n", 200, "Content-Type: text/event-stream"));
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var modern = new HttpRequestMessage(HttpMethod.Get, McpFixture.Endpoint);
        modern.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        using var legacy = new HttpRequestMessage(HttpMethod.Get, McpFixture.Endpoint);
        legacy.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        legacy.Headers.Add("Last-Event-ID", "17");

        using var refused = await client.SendAsync(modern);
        using var stream = await client.SendAsync(legacy);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Equal("POST", refused.Content.Headers.Allow.Single());
        Assert.Contains("notifications/message", await stream.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("17", mcp.Gateway.Upstream.Requests.Single().Header("Last-Event-ID"));
    }

    private static async Task<string> InitializeAsync(HttpClient client)
    {
        using var response = await client.SendAsync(McpFixture.Post(Initialize));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }
}
