using System.Text.Json.Nodes;
using ToolGateway.Host;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary><c>toolgateway mcp pin</c> against servers on the official SDK, and the gateway with the file that it writes.</summary>
public sealed class PinCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pin_OfAServer_MakesTheFileThatTheGatewayTakes(bool withSessions)
    {
        await using var server = await SdkServer.StartAsync(withSessions);
        await using var gateway = await GatewayFixture.StartAsync(gateway => gateway.Configuration["Tools"]!["files"] = new JsonObject
        {
            ["Protocol"] = "mcp",
            ["Upstream"] = server.Url,
            ["Owner"] = "team-files@acme.test",
        });
        gateway.Configuration["Tools"]!["files"]!["Mcp"] = new JsonObject { ["PinPath"] = "pins/files.json" };
        gateway.WriteConfiguration();
        var path = System.IO.Path.Combine(gateway.Directory, "pins", "files.json");

        var made = await PinAsync(gateway, "files");
        var content = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, """{"tools":{"read_file":{"digest":"sha256:0"},"old":{"digest":"sha256:1"}}}""");
        var changed = await PinAsync(gateway, "files");

        Assert.Equal(0, made.Code);
        Assert.Contains("new      delete_file", made.Output, StringComparison.Ordinal);
        Assert.Equal(0, changed.Code);
        Assert.Contains("changed  read_file", changed.Output, StringComparison.Ordinal);
        Assert.Contains("gone     old", changed.Output, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(path));
        Assert.Equal("Content of a file", (string?)JsonNode.Parse(content)!["tools"]!["read_file"]!["definition"]!["description"]);
        Assert.Equal(0, server.OpenSessions);

        await gateway.RestartAsync();
        using var http = gateway.Client(gateway.AgentCertificate("support"));
        await using var client = await SdkClientTests.ConnectAsync(gateway, http, version: null);
        Assert.Equal(["list_directory", "read_file"], (await client.ListToolsAsync()).Select(tool => tool.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Pin_OfWhatIsNoMcpServer_SaysSo()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var unknown = await PinAsync(gateway, "crm");
        gateway.Configuration["Tools"]!["files"] = new JsonObject
        {
            ["Protocol"] = "mcp",
            ["Upstream"] = gateway.Upstream.Url,
            ["Owner"] = "o",
            ["Mcp"] = new JsonObject { ["PinPath"] = "pins.json" },
        };
        gateway.WriteConfiguration();
        var silent = await PinAsync(gateway, "files");

        Assert.Equal(2, unknown.Code);
        Assert.Contains("crm is no tool with Protocol mcp", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(1, silent.Code);
        Assert.Contains("neither tools/list nor initialize", silent.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(System.IO.Path.Combine(gateway.Directory, "pins.json")));
    }

    private static async Task<(int Code, string Output, string Errors)> PinAsync(GatewayFixture gateway, string name)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        var code = await ToolGatewayCommand.Create().Parse(["mcp", "pin", name, "--config", System.IO.Path.Combine(gateway.Directory, "appsettings.json")])
            .InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }
}
