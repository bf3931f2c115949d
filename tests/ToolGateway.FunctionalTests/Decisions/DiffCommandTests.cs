using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ToolGateway.Host;
using ToolGateway.Testing;
using ToolGateway.Tests.Decisions.Opa;

namespace ToolGateway.FunctionalTests.Decisions;

public sealed class DiffCommandTests
{
    [Fact]
    public async Task Diff_CandidateDiffers_ListsItAndExitsOne()
    {
        await using var gateway = await ShadowGateway.StartAsync(ShadowGateway.Opposite);
        Assert.Equal((0, 0), (await CountAsync(gateway), (await RunAsync("policy", "diff", gateway.Administration)).Code));
        Assert.Equal(HttpStatusCode.OK, await gateway.ReadAsync());
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.ExportAsync());
        await gateway.ComparedAsync(2);

        var (code, output) = await RunAsync("policy", "diff", gateway.Administration);
        Assert.Equal(1, code);
        var rows = output.Split('\n').Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToArray();
        Assert.Contains(rows, static row => row.StartsWith("1 newly_denied support crm customers.read allow redact_response=/card/number,/ssn deny (reading_ends) ", StringComparison.Ordinal));
        Assert.Contains(rows, static row => row.StartsWith("1 newly_allowed support crm customers.export deny (not_granted) allow ", StringComparison.Ordinal));
        Assert.Contains("2 decisions compared: 0 the same, 2 different\n", output, StringComparison.Ordinal);

        (code, output) = await RunAsync("policy", "diff", gateway.Administration, "--format", "json");
        var report = JsonNode.Parse(output)!;
        Assert.Equal((1, 2), (code, (int)report["different"]!));
        var first = report["differences"]!.AsArray().Single(static difference => (string?)difference!["change"] == "newly_denied")!;
        Assert.Equal("reading_ends", (string?)first["candidate"]!["reasons"]![0]);
        var log = await RunAsync("audit", "query", gateway.Fixture.AuditDirectory, "--decision", (string)first["last_decision"]!, "--format", "json");
        Assert.Contains("customers.read", log.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_CandidateIsRefused_SaysWhyAndExitsOne()
    {
        await using var gateway = await ShadowGateway.StartAsync("package toolgateway\n\ndecision := ");

        var (code, output) = await RunAsync("policy", "diff", gateway.Administration);

        Assert.Equal(1, code);
        Assert.Contains("refused: ToolGateway:Decisions:Shadow:Embedded:PolicyPath", output, StringComparison.Ordinal);
        Assert.Contains("no candidate has been read\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_ManagementOnAUnixSocket_IsAsked()
    {
        var socket = "";
        await using var fixture = await GatewayFixture.StartAsync(fixture =>
        {
            socket = Path.Combine(fixture.Directory, "management.sock");
            fixture.Configuration["Management"]!["Address"] = $"unix://{socket}";
            fixture.Configuration["Decisions"]!["Shadow"] = JsonNode.Parse("""{ "Engine": "Embedded", "Embedded": { "PolicyPath": "policies" } }""");
        });

        var (code, output) = await RunAsync("policy", "diff", $"unix://{socket}");

        Assert.Equal(0, code);
        Assert.Contains("0 decisions compared", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_NothingToAsk_SaysWhatToDoAndExitsTwo()
    {
        await using var plain = await GatewayFixture.StartAsync();
        using var other = FakeOpa.Start();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        foreach (var (source, said) in new[]
        {
            ($"http://127.0.0.1:{plain.AdministrationPort}", "name one in Decisions:Shadow"),
            (other.Address, "gives no report"),
            ($"http://127.0.0.1:{port}", "does not answer"),
            ("gateway", "is no address"),
        })
        {
            var (code, output) = await RunAsync("policy", "diff", source);
            Assert.Equal(2, code);
            Assert.Contains(said, output, StringComparison.Ordinal);
        }
    }

    private static async Task<int> CountAsync(ShadowGateway gateway) => (int)(await gateway.ReportAsync(static _ => true))!["different"]!;

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var code = await ToolGatewayCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }
}
