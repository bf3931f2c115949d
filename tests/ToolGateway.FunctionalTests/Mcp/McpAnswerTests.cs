using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Identity;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>Servers whose answers are unusual or broken: what a caller may not see does not slip through, and what cannot be read is blocked and recorded.</summary>
public sealed class McpAnswerTests(McpAnswerTests.Server server) : IClassFixture<McpAnswerTests.Server>
{
    private const string Tools = """{"tools":[{"name":"delete_file","description":"a\n\ndata: {\"id\":1}\n\n"},{"name":"read_file","description":"b\r\n\r\nevent: x"}]}""";
    private const string List = """{"jsonrpc":"2.0","id":1,"result":""" + Tools + "}";

    public static TheoryData<string, string> Readable => new()
    {
        { "application/json", List },
        { "application/json; charset=utf-8", "\n " + List + "\n" },
        { "application/json", """{"jsonrpc":"2.0","id":1,"result":{"tools":[]},"result":""" + Tools + "}" },
        { "application/json", """{"jsonrpc":"2.0","id":1,"r\u0065sult":""" + Tools + "}" },
        { "text/event-stream", $"data: {List}\n\n" },
        { "text/event-stream", $"data:{List}\n\n" },
        { "text/event-stream", $"data: {List}\r\n\r\n" },
        { "text/event-stream", $"id: 1\rdata: {List}\rretry: 5\r\r" },
        { "text/event-stream", $"\uFEFFdata: {List}\n\n" },
        { "text/event-stream", $": comment\n\nevent: message\ndata: {List}" },
        { "Text/Event-Stream; charset=utf-8", $"data: {List[..1]}\ndata: {List[1..]}\n\n" },
        { "text/event-stream", $"data\ndata: {List}\n\n" },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task List_HoweverItIsWritten_ShowsOnlyWhatIsVisible(string type, string body)
    {
        var (answer, ended) = await ListAsync(type, body);

        Assert.Contains("read_file", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("delete_file", answer, StringComparison.Ordinal);
        Assert.Equal(type.StartsWith("application", StringComparison.Ordinal) ? 0 : 1, answer.Split('\n').Count(line => line.StartsWith("data", StringComparison.Ordinal)));
        Assert.Equal("completed", ended);
    }

    public static TheoryData<string, string> Unreadable => new()
    {
        { "application/json", List.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal) },
        { "application/json", List.Replace("\"id\":1", "\"id\":\"1\"", StringComparison.Ordinal) },
        { "application/json", List.Replace("\"id\":1,", "", StringComparison.Ordinal) },
        { "application/json", List.Replace("\"id\":1", "\"id\":1,\"method\":\"notifications/message\"", StringComparison.Ordinal) },
        { "application/json", $"[{List}]" },
        { "application/json", List + List },
        { "application/json", List[..^1] },
        { "application/json", "\uFEFF" + List },
        { "application/json", """{"jsonrpc":"2.0","id":1,"result":{"tools":{"0":{"name":"delete_file"}}}}""" },
        { "application/json", """{"jsonrpc":"2.0","id":1,"result":{"Tools":[{"name":"delete_file"}]}}""" },
        { "application/json", """{"jsonrpc":"2.0","id":1,"result":[{"name":"delete_file"}]}""" },
        { "application/json", "" },
        { "application/json\r\nContent-Encoding: gzip", List },
        { "text/plain", List },
        { "text/html", List },
        { "application/json", List.Replace("\"tools\":[", "\"tools\":[{\"name\":\"x\",\"description\":\"" + new string('x', 200_000) + "\"},", StringComparison.Ordinal) },
        { "text/event-stream", $"data: [{List}]\n\n" },
        { "text/event-stream", $"data: {List}{List}\n\n" },
        { "text/event-stream", $"data: {List.Replace("\"id\":1", "\"id\":7", StringComparison.Ordinal)}\n\n" },
        { "text/event-stream", $"data: {List.Replace("\"tools\":[", "\"tools\":[{\"name\":\"x\",\"description\":\"" + new string('x', 200_000) + "\"},", StringComparison.Ordinal)}\n\n" },
        { "text/event-stream", $"data: {new string('x', 200_000)}" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task List_ThatCannotBeReadForCertain_IsBlocked(string type, string body)
    {
        var (answer, ended) = await ListAsync(type, body);

        Assert.DoesNotContain("delete_file", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("read_file", answer, StringComparison.Ordinal);
        Assert.Equal("blocked", ended);
    }

    private async Task<(string Answer, string Ended)> ListAsync(string type, string body)
    {
        var gateway = server.Fixture.Gateway;
        server.Fixture.Answer("tools/list", _ => RawUpstream.Answer(body, 200, $"Content-Type: {type}"));
        using var client = gateway.Client(gateway.AgentCertificate("support"));
        using var request = McpFixture.Modern("tools/list");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var answer = new MemoryStream();
        try
        {
            await response.Content.CopyToAsync(answer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // A stream that is blocked after its start is broken off.
        }

        var outcome = await AuditRecords.FindAsync(gateway, response.Headers.GetValues("Tool-Decision-Id").Single(), "outcome");
        return (Encoding.UTF8.GetString(answer.ToArray()), (string)outcome["ended"]!);
    }

    /// <summary>One gateway for all of these tests.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal McpFixture Fixture { get; private set; } = null!;

        public async Task InitializeAsync() => Fixture = await McpFixture.StartAsync(prepare: gateway =>
            gateway.Configuration["Limits"] = new JsonObject { ["MaxInspectedResponseBytes"] = 100_000 });

        public async Task DisposeAsync() => await Fixture.DisposeAsync();
    }
}
