using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>Lists show what is visible one by one, page by page, and what they do not show cannot be used.</summary>
public sealed class McpItemTests(McpItemTests.Server server) : IClassFixture<McpItemTests.Server>
{
    private const string Items = """{"items":["docs-*","greet","file:///public/*"]}""";

    public static TheoryData<string, string, string[]> Lists => new()
    {
        { "tools/list", """{"tools":[{"name":"write_file"},{"name":"read_file"},{"name":"mcp:prompts/get/greet"},{},{"name":"list_directory"}]""", ["read_file", "list_directory"] },
        { "prompts/list", """{"prompts":[{"name":"greet"},{"name":"admin"},{"name":"read_file"},{"name":7},{"name":"docs-b"},{"name":"docs-a"}]""", ["greet", "docs-b", "docs-a"] },
        { "resources/list", """{"resources":[{"uri":"file:///payroll.csv"},{"uri":"file:///public/b"},{"uri":"file:///public/a"}]""", ["file:///public/b", "file:///public/a"] },
        { "resources/templates/list", """{"resourceTemplates":[{"uriTemplate":"file:///{path}"},{"uriTemplate":"file:///public/{path}"}]""", ["file:///public/{path}"] },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_OfEveryKind_ShowsWhatIsVisibleOnEveryPage(string method, string list, string[] shown)
    {
        var mcp = server.Mcp;
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        foreach (var asEvents in (bool[])[false, true])
        {
            mcp.Answer(method, request => Page(request, list, asEvents));

            var first = await ListAsync(client, McpFixture.Modern(method), asEvents);
            var second = await ListAsync(client, McpFixture.Modern(method, """{"cursor":"p2"}"""), asEvents);
            var legacy = await ListAsync(client, McpFixture.Legacy($$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"cursor":"p2"}}"""), asEvents);

            Assert.Equal("p2", (string?)first["nextCursor"]);
            Assert.Null(second["nextCursor"]);
            Assert.Equal(("private", "private", null), ((string?)first["cacheScope"], (string?)second["cacheScope"], (string?)legacy["cacheScope"]));
            Assert.All([first, second, legacy], page => Assert.Equal(shown, Names(page)));
        }
    }

    public static TheoryData<string, string, bool> Uses => new()
    {
        { "prompts/get", """{"name":"greet"}""", true },
        { "prompts/get", """{"name":"admin"}""", false },
        { "prompts/get", """{"name":"read_file"}""", false },
        { "resources/read", """{"uri":"file:///public/a"}""", true },
        { "resources/read", """{"uri":"file:///payroll.csv"}""", false },
        { "resources/subscribe", """{"uri":"file:///payroll.csv"}""", false },
        { "resources/unsubscribe", """{"uri":"file:///payroll.csv"}""", false },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"a","value":"b"}}""", true },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"admin"},"argument":{"name":"a","value":"b"}}""", false },
        { "completion/complete", """{"ref":{"type":"ref/resource","uri":"file:///{path}"},"argument":{"name":"a","value":"b"}}""", false },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task Use_OfWhatIsNotVisible_IsAnsweredAsUnknown(string method, string parameters, bool isVisible)
    {
        var mcp = server.Mcp;
        mcp.AnswerResult(method, "{}");
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        var before = mcp.Gateway.Upstream.Requests.Count;

        var (status, answer) = await McpCallTests.SendAsync(client, Stated($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}} }"""));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(isVisible ? 1 : 0, mcp.Gateway.Upstream.Requests.Count - before);
        if (isVisible)
            return;
        Assert.Equal(-32602, (int)answer["error"]!["code"]!);
        Assert.Equal("action_unknown", (string?)answer["error"]!["data"]!["reasons"]![0]);
        Assert.StartsWith("Unknown ", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_OfTheNewestRevision_NamesOnlyVisibleResources()
    {
        var mcp = server.Mcp;
        mcp.AnswerResult("subscriptions/listen", "{}");
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        var before = mcp.Gateway.Upstream.Requests.Count;

        var (_, own) = await McpCallTests.SendAsync(client, Listen("file:///public/a"));
        var (_, both) = await McpCallTests.SendAsync(client, Listen("file:///public/a", "file:///payroll.csv"));

        Assert.NotNull(own["result"]);
        Assert.Equal(-32602, (int)both["error"]!["code"]!);
        Assert.Equal(1, mcp.Gateway.Upstream.Requests.Count - before);
    }

    [Theory]
    [InlineData("prompts/get", "{}")]
    [InlineData("prompts/get", """{"name":["greet"]}""")]
    [InlineData("resources/read", """{"name":"file:///public/a"}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/other","name":"greet"}}""")]
    [InlineData("completion/complete", """{"ref":"greet"}""")]
    public async Task Use_ThatNamesNothing_IsRefusedBeforeAnyDecision(string method, string parameters)
    {
        var mcp = server.Mcp;
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        var before = mcp.Gateway.Upstream.Requests.Count;

        var (status, answer) = await McpCallTests.SendAsync(client, Stated($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}} }"""));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(-32602, (int)answer["error"]!["code"]!);
        Assert.Equal(before, mcp.Gateway.Upstream.Requests.Count);
    }

    private static byte[] Page(JsonObject request, string list, bool asEvents)
    {
        var next = request["params"]?["cursor"] is null ? ",\"nextCursor\":\"p2\",\"cacheScope\":\"public\"" : "";
        var message = $$"""{"jsonrpc":"2.0","id":{{request["id"]!.ToJsonString()}},"result":{{list}}{{next}}} }""";
        return asEvents ? RawUpstream.Answer($"data: {message}\n\n", 200, "Content-Type: text/event-stream") : RawUpstream.Answer(message);
    }

    private static async Task<JsonNode> ListAsync(HttpClient client, HttpRequestMessage request, bool isEvents)
    {
        using (request)
        {
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return JsonNode.Parse(isEvents ? text["data: ".Length..] : text)!["result"]!;
        }
    }

    private static IEnumerable<string> Names(JsonNode page)
    {
        var (_, items) = page.AsObject().Single(member => member.Value is JsonArray);
        return items!.AsArray().Select(item => (string)(item!["name"] ?? item["uri"] ?? item["uriTemplate"])!);
    }

    /// <summary>A request that says what it is for, which more than low risk asks for.</summary>
    private static HttpRequestMessage Stated(string body)
    {
        var request = McpFixture.Legacy(body);
        request.Headers.Add("Agent-Task", "T-1");
        return request;
    }

    private static HttpRequestMessage Listen(params string[] addresses)
    {
        var request = McpFixture.Modern("subscriptions/listen", new JsonObject
        {
            ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray([.. addresses.Select(address => JsonValue.Create(address))]) },
        }.ToJsonString());
        request.Headers.Add("Agent-Task", "T-1");
        return request;
    }

    /// <summary>One gateway for all of these tests.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal McpFixture Mcp { get; private set; } = null!;

        public async Task InitializeAsync() => Mcp = await McpFixture.StartAsync(prepare: gateway =>
        {
            McpCallTests.Grant(gateway, "mcp:prompts/get", Items);
            McpCallTests.Grant(gateway, "mcp:resources/read", Items);
            foreach (var method in (string[])["resources/subscribe", "resources/unsubscribe", "completion/complete", "subscriptions/listen"])
                McpCallTests.Grant(gateway, $"mcp:{method}", "{}");
        });

        public async Task DisposeAsync() => await Mcp.DisposeAsync();
    }
}
