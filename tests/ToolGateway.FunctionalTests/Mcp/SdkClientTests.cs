using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>The official SDK's client and server, with the gateway between them and nothing else changed.</summary>
public sealed class SdkClientTests
{
    private static readonly Dictionary<string, object?> Path = new() { ["path"] = "/a" };

    public static TheoryData<string?, bool, string> Versions => new()
    {
        { null, false, "2026-07-28" },
        { "2026-07-28", false, "2026-07-28" },
        { "2025-11-25", false, "2025-11-25" },
        { "2025-06-18", false, "2025-06-18" },
        { "2025-03-26", false, "2025-03-26" },
        { null, true, "2025-11-25" },
        { "2025-11-25", true, "2025-11-25" },
        { "2025-06-18", true, "2025-06-18" },
        { "2025-03-26", true, "2025-03-26" },
    };

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Client_OfEveryRevision_ListsCallsAndSurvivesDenials(string? version, bool withSessions, string negotiated)
    {
        await using var server = await SdkServer.StartAsync(withSessions);
        await using var gateway = await StartAsync(server);
        using var http = gateway.Client(gateway.AgentCertificate("support"));
        await using (var client = await ConnectAsync(gateway, http, version))
        {
            var tools = (await client.ListToolsAsync()).Select(tool => tool.Name).Order(StringComparer.Ordinal);
            var first = await client.CallToolAsync("read_file", Path);
            var unknown = await Assert.ThrowsAsync<McpProtocolException>(() => client.CallToolAsync("delete_file", Path).AsTask());
            var denied = await Assert.ThrowsAsync<McpProtocolException>(() => client.CallToolAsync("list_directory").AsTask());
            var second = await client.CallToolAsync("read_file", Path);

            Assert.Equal(negotiated, client.NegotiatedProtocolVersion);
            Assert.Equal(["list_directory", "read_file", "write_file"], tools);
            Assert.Equal("content of /a", Text(first));
            Assert.Equal("content of /a", Text(second));
            Assert.Equal(McpErrorCode.InvalidParams, unknown.ErrorCode);
            Assert.Equal(403, (int)denied.ErrorCode);
            Assert.Equal(withSessions, client.SessionId is { Length: > 32 });
        }

        Assert.Equal(0, server.OpenSessions);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    public async Task Elicitation_OfAServerWithSessions_ReachesTheClientAndComesBack(string version)
    {
        await using var server = await SdkServer.StartAsync(withSessions: true);
        await using var gateway = await StartAsync(server);
        using var http = gateway.Client(gateway.AgentCertificate("support"));
        await using var client = await ConnectAsync(gateway, http, version);

        var result = await client.CallToolAsync("write_file");

        Assert.Equal("the user said accept", Text(result));
    }

    private static Task<GatewayFixture> StartAsync(SdkServer server) => GatewayFixture.StartAsync(gateway =>
    {
        var low = new JsonObject { ["Risk"] = "low", ["Effect"] = "read" };
        gateway.Configuration["Tools"]!["files"] = new JsonObject
        {
            ["Protocol"] = "mcp",
            ["Upstream"] = server.Url,
            ["Owner"] = "team-files@acme.test",
            ["Risk"] = "medium",
            ["Actions"] = new JsonObject { ["read_file"] = low.DeepClone(), ["write_file"] = low.DeepClone() },
        };
        McpCallTests.Grant(gateway, "write_file", "{}");
    });

    internal static async Task<McpClient> ConnectAsync(GatewayFixture gateway, HttpClient http, string? version)
    {
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = new Uri($"{gateway.PublicUrl}{McpFixture.Endpoint}"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        var options = new McpClientOptions
        {
            ProtocolVersion = version,
            Handlers = new McpClientHandlers { ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept" }) },
        };
        return await McpClient.CreateAsync(transport, options);
    }

    private static string Text(CallToolResult result) => result.Content.OfType<TextContentBlock>().Single().Text;
}
