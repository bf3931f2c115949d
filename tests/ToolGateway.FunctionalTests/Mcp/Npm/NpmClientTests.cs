using System.Text.Json.Nodes;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>Clients of the npm registry before the gateway, and the reference server behind it.</summary>
public sealed class NpmClientTests
{
    [NpmFact]
    public async Task SdkClient_ListsCallsAndGoesOnAfterDenials()
    {
        await using var server = await NodeServer.StartEverythingAsync();
        await using var gateway = await EverythingGateway.StartAsync(server, denied: "get-sum", hidden: "get-env");

        var run = await NodeProgram.RunAsync(EverythingGateway.Environment(gateway), "client.mjs", $"{gateway.PublicUrl}/tools/everything", "get-sum");

        Assert.True(run.ExitCode == 0, run.Errors);
        var seen = JsonNode.Parse(run.Output)!;
        var tools = seen["tools"]!.AsArray().Select(name => (string)name!).ToArray();
        Assert.Contains("echo", tools);
        Assert.Contains("get-sum", tools);
        Assert.DoesNotContain("get-env", tools);
        Assert.Equal("Echo: one", (string?)seen["first"]);
        Assert.Equal("Echo: two", (string?)seen["second"]);
        Assert.True((bool)seen["denied"]!["isMcpError"]!);
        Assert.Equal(403, (int)seen["denied"]!["code"]!);
        Assert.Equal("not_granted", (string?)seen["denied"]!["reasons"]![0]);
        Assert.Equal(32, ((string)seen["denied"]!["decision"]!).Length);
        Assert.Equal(-32602, (int)seen["unknown"]!["code"]!);
        Assert.Equal("2025-11-25", (string?)seen["version"]);
        Assert.True(((string)seen["session"]!).Length > 36);
    }

    [NpmFact]
    public async Task Inspector_ListsAndCalls()
    {
        await using var server = await NodeServer.StartEverythingAsync();
        await using var gateway = await EverythingGateway.StartAsync(server, denied: "get-sum", hidden: "get-env");
        var environment = EverythingGateway.Environment(gateway);
        Task<NodeResult> Inspect(params string[] method) => NodeProgram.RunAsync(
            environment,
            [
                "node_modules/.bin/mcp-inspector", "--cli", $"{gateway.PublicUrl}/tools/everything", "--transport", "http",
                "--header", $"Authorization: Bearer {environment["TOKEN"]}", .. method,
            ]);

        var list = await Inspect("--method", "tools/list");
        var echo = await Inspect("--method", "tools/call", "--tool-name", "echo", "--tool-arg", "message=hello");
        var denied = await Inspect("--method", "tools/call", "--tool-name", "get-sum", "--tool-arg", "a=1", "b=2");

        Assert.True(list.ExitCode == 0, list.Errors);
        Assert.Contains("\"get-sum\"", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"get-env\"", list.Output, StringComparison.Ordinal);
        Assert.Contains("Echo: hello", echo.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, denied.ExitCode);
        Assert.Contains("403", denied.Errors, StringComparison.Ordinal);
    }
}
