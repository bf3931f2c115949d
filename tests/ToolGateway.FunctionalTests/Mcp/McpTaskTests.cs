using System.Text.Json.Nodes;

namespace ToolGateway.FunctionalTests.Mcp;

public sealed class McpTaskTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{},"task":{"ttl":60000}}}""";

    [Fact]
    public async Task Task_IsOfTheCallerWhoStartedIt()
    {
        await using var mcp = await McpFixture.StartAsync();
        mcp.AnswerResult("tools/call", """{"task":{"taskId":"t-1","status":"working"}}""");
        mcp.AnswerResult("tasks/get", """{"taskId":"t-1","status":"completed"}""");
        await mcp.Gateway.AfterReloadAsync(() => McpCallTests.Grant(mcp.Gateway, "mcp:tasks/get", "{}"));
        using var certificate = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var token = mcp.Gateway.Client(token: mcp.Gateway.Token());
        var (_, before) = await GetAsync(certificate);
        await McpCallTests.SendAsync(certificate, McpFixture.Legacy(Call));

        var (_, own) = await GetAsync(certificate);
        var (_, foreign) = await GetAsync(token);
        var (_, list) = await McpCallTests.SendAsync(certificate, McpFixture.Legacy("""{"jsonrpc":"2.0","id":3,"method":"tasks/list"}"""));

        AssertUnknown(before);
        Assert.Equal("completed", (string?)own["result"]!["status"]);
        AssertUnknown(foreign);
        Assert.Equal(-32601, (int)list["error"]!["code"]!);
        Assert.Equal(2, mcp.Gateway.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Task_AfterARestart_IsNobodys()
    {
        await using var mcp = await McpFixture.StartAsync(prepare: gateway => McpCallTests.Grant(gateway, "mcp:tasks/get", "{}"));
        mcp.AnswerResult("tools/call", """{"task":{"taskId":"t-1","status":"working"}}""");
        mcp.AnswerResult("tasks/get", """{"taskId":"t-1","status":"completed"}""");
        using (var before = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support")))
        {
            await McpCallTests.SendAsync(before, McpFixture.Legacy(Call));
            Assert.NotNull((await GetAsync(before)).Answer["result"]);
        }

        await mcp.Gateway.RestartAsync();

        using var after = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        AssertUnknown((await GetAsync(after)).Answer);
        Assert.Equal(2, mcp.Gateway.Upstream.Requests.Count);
    }

    private static Task<(System.Net.HttpStatusCode Status, JsonNode Answer)> GetAsync(HttpClient client) =>
        McpCallTests.SendAsync(client, McpFixture.Legacy("""{"jsonrpc":"2.0","id":2,"method":"tasks/get","params":{"taskId":"t-1"}}"""));

    private static void AssertUnknown(JsonNode answer)
    {
        Assert.Equal(-32602, (int)answer["error"]!["code"]!);
        Assert.Equal("task_unknown", (string?)answer["error"]!["data"]!["reasons"]![0]);
    }
}
