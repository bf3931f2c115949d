using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Mcp;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary>
/// The executable goes on where its sockets wait, on one thread for all connections here. What takes long must leave that thread: other calls are answered meanwhile.
/// </summary>
public sealed class EventLoopTests
{
    /// <summary>Some seconds of evaluation.</summary>
    private const string Slow = """


        slow if {
            range := numbers.range(1, 5000)
            some i in range
            some j in range
            i * j < 0
        }
        """;

    private static readonly Dictionary<string, string?> OneLoop = new(StringComparer.Ordinal) { ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1" };

    [Fact]
    public async Task Version_SaysHowManyEventLoopsThereAre_UnlessTheOperatorWantsNone()
    {
        await using var fixture = GatewayFixture.Prepare();
        using (await GatewayProcess.StartAsync(fixture))
            Assert.Equal(Math.Max(1, Environment.ProcessorCount / 2), await EventLoopsAsync(fixture));
        using (await GatewayProcess.StartAsync(fixture, new Dictionary<string, string?> { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "0" }))
            Assert.Equal(0, await EventLoopsAsync(fixture));
    }

    /// <summary>The second of two requests that are sent together begins where the answer to the first ended.</summary>
    [Fact]
    public async Task SlowDecision_OfARequestBehindAnother_HoldsNoOtherCall()
    {
        await using var fixture = GatewayFixture.Prepare(static gateway => MakeSlow(gateway, "reasons contains \"too_slow\" if {\n    input.action.name == \"customers.export\"\n    slow\n}"));
        AnswerSlowly(fixture);
        using var gateway = await GatewayProcess.StartAsync(fixture, OneLoop);
        using var certificate = fixture.AgentCertificate("support");
        using var other = await WarmAsync(fixture, certificate);
        await using var tls = await fixture.ConnectAsync(certificate);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(
            "GET /tools/crm/customers/1 HTTP/1.1\r\nHost: gateway\r\n\r\nGET /tools/crm/customers HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n"));
        await UntilReadAsync(tls, "\"ok\":true");
        var decided = new StreamReader(tls).ReadToEndAsync();

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, await CallAsync(other));

        Assert.False(decided.IsCompleted, "the decision was not slow enough to say anything");
        Assert.Contains("not_granted", await decided, StringComparison.Ordinal);
    }

    /// <summary>A call goes on where the rest of its request arrived.</summary>
    [Fact]
    public async Task SlowDecision_AfterABodyThatCameLate_HoldsNoOtherCall()
    {
        await using var fixture = GatewayFixture.Prepare(static gateway => MakeSlow(gateway, "reasons contains \"too_slow\" if {\n    input.action.name == \"refunds.create\"\n    slow\n}"));
        using var gateway = await GatewayProcess.StartAsync(fixture, OneLoop);
        using var certificate = fixture.AgentCertificate("support");
        using var other = await WarmAsync(fixture, certificate);
        await using var tls = await fixture.ConnectAsync(certificate);
        await tls.WriteAsync("POST /tools/crm/refunds HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n"u8.ToArray());

        // The gateway waits for the body then; what is there already when it asks says nothing.
        await Task.Delay(200);
        await tls.WriteAsync("{\"amount\": 5}"u8.ToArray());
        var decided = new StreamReader(tls).ReadToEndAsync();
        await Task.Delay(100);

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, await CallAsync(other));

        Assert.False(decided.IsCompleted, "the decision was not slow enough to say anything");
        Assert.Contains("purpose_not_granted", await decided, StringComparison.Ordinal);
    }

    /// <summary>Which of a server's tools are shown is decided when its answer is there.</summary>
    [Fact]
    public async Task SlowInspection_OfAnAnswer_HoldsNoOtherCall()
    {
        await using var fixture = GatewayFixture.Prepare(static gateway =>
        {
            MakeSlow(gateway, "visible contains \"nothing\" if {\n    count(input.candidates) > 1\n    slow\n}");
            gateway.Configuration["Tools"]!["files"] = JsonNode.Parse(
                $$"""{ "Protocol": "mcp", "Upstream": "{{gateway.Upstream.Url}}mcp", "Owner": "team-files@acme.test", "Actions": { "read_file": {}, "list_directory": {} } }""");
        });
        AnswerSlowly(fixture);
        using var gateway = await GatewayProcess.StartAsync(fixture, OneLoop);
        using var certificate = fixture.AgentCertificate("support");
        using var other = await WarmAsync(fixture, certificate);
        await ListAsync(fixture);
        fixture.Upstream.Requests.Clear();
        var listed = ListAsync(fixture);
        for (var deadline = Environment.TickCount64 + 20_000; fixture.Upstream.Requests.All(static request => request.Body.Length == 0); await Task.Delay(5))
            Assert.True(Environment.TickCount64 < deadline, "the list was not asked for");

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, await CallAsync(other));

        Assert.False(listed.IsCompleted, "the inspection was not slow enough to say anything");
        Assert.Contains("read_file", await listed, StringComparison.Ordinal);
    }

    /// <summary>Every call to a tool that is down makes a line; behind some thousands a logger would wait for a reader.</summary>
    [Fact]
    public async Task Console_ThatNobodyReads_HoldsNoCall()
    {
        await using var fixture = GatewayFixture.Prepare(static gateway => gateway.LiftRates());
        using var gateway = GatewayProcess.Launch(fixture, shell: "exec > >(exec sleep 100) 2>&1");
        await gateway.ReadyAsync(fixture);
        using var certificate = fixture.AgentCertificate("support");
        using var agent = await WarmAsync(fixture, certificate);
        await fixture.Upstream.KillAsync();
        for (var i = 0; i < 4_000; i++)
            Assert.Equal(HttpStatusCode.BadGateway, await CallAsync(agent));
        fixture.Upstream.Restart();

        Assert.Equal(HttpStatusCode.OK, await CallAsync(agent));
    }

    private static void MakeSlow(GatewayFixture gateway, string rule)
    {
        File.WriteAllText(Path.Combine(gateway.PolicyDirectory, "toolgateway", "slow.rego"), $"package toolgateway\n\n{rule}{Slow}\n");

        // The shipped grant has the answer redacted, which leaves the event loop by itself.
        var file = Path.Combine(gateway.PolicyDirectory, "toolgateway", "data.json");
        var data = JsonNode.Parse(File.ReadAllText(file))!;
        data["grants"]!["support"]!["crm"]!["customers.read"] = new JsonObject();
        File.WriteAllText(file, data.ToJsonString());
        var embedded = gateway.Configuration["Decisions"]!["Embedded"]!;
        embedded["Timeout"] = "00:01:00";
        embedded["MaxSteps"] = 1_000_000_000;
    }

    /// <summary>An answer that is there before the gateway waits for it never meets the event loop.</summary>
    private static void AnswerSlowly(GatewayFixture gateway) => gateway.Upstream.Respond = static async (request, stream, cancellation) =>
    {
        await Task.Delay(20, cancellation);
        var answer = request.Body.Length == 0 ? """{"ok":true}""" : """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"read_file"},{"name":"delete_file"}]}}""";
        await stream.WriteAsync(RawUpstream.Answer(answer), cancellation);
    };

    private static async Task<int> EventLoopsAsync(GatewayFixture fixture)
    {
        using var administration = new HttpClient();
        var version = JsonDocument.Parse(await administration.GetStringAsync(new Uri($"http://127.0.0.1:{fixture.AdministrationPort}/version")));
        return version.RootElement.GetProperty("event_loops").GetInt32();
    }

    /// <summary>A client whose connections, and the gateway's to the tool, are there already.</summary>
    private static async Task<HttpClient> WarmAsync(GatewayFixture fixture, X509Certificate2 certificate)
    {
        var client = fixture.Client(certificate);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(client));
        return client;
    }

    private static async Task<string> ListAsync(GatewayFixture fixture)
    {
        using var certificate = fixture.AgentCertificate("support");
        using var client = fixture.Client(certificate);
        using var request = McpFixture.Modern("tools/list");
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var response = await client.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative), timeout.Token);
        return response.StatusCode;
    }

    private static async Task UntilReadAsync(SslStream stream, string text)
    {
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer);
            Assert.NotEqual(0, count);
            read.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }
}
