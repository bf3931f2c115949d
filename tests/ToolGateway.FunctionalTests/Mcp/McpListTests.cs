using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

public sealed class McpListTests
{
    private const string Tools = """
        {"tools":[{"name":"write_file","inputSchema":{"type":"object"}},{"name":"read_file","description":"Reads.","inputSchema":{"type":"object"}},
                  {"name":"list_directory","inputSchema":{"type":"object"}},{"name":"delete_file","inputSchema":{"type":"object"}}],"nextCursor":"p2","ttlMs":1000,"cacheScope":"public"}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolsList_ShowsWhatIsVisible_InOrder_AndIsPrivate(bool asEvents)
    {
        await using var mcp = await McpFixture.StartAsync();
        if (asEvents)
        {
            mcp.Answer("tools/list", _ => RawUpstream.Answer(
                $"id: 1\nevent: message\ndata: {{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{Tools.ReplaceLineEndings("")}}}\n\n", 200, "Content-Type: text/event-stream"));
        }
        else
        {
            mcp.AnswerResult("tools/list", Tools);
        }

        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));

        using var response = await client.SendAsync(McpFixture.Modern("tools/list"));

        var body = await response.Content.ReadAsStringAsync();
        if (asEvents)
        {
            Assert.StartsWith("id: 1\nevent: message\ndata: {", body, StringComparison.Ordinal);
            body = body[(body.IndexOf("data: ", StringComparison.Ordinal) + 6)..];
        }

        var result = JsonNode.Parse(body)!["result"]!;
        Assert.Equal(["read_file", "list_directory"], result["tools"]!.AsArray().Select(tool => (string)tool!["name"]!));
        Assert.Equal("private", (string?)result["cacheScope"]);
        Assert.Equal("p2", (string?)result["nextCursor"]);
    }
}
