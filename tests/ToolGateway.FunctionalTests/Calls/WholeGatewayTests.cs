using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Calls;

/// <summary>Calls through the real gateway: TLS, identity, the shipped policies and the log on disk.</summary>
public sealed class WholeGatewayTests
{
    [Fact]
    public async Task Calls_OfEveryKind_LeaveExactlyOnePairEach()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        var answers = new List<int>();
        using (var client = gateway.Client(certificate))
        {
            answers.Add(await StatusAsync(client.GetAsync(new Uri("/tools/crm/customers/42?fields=name", UriKind.Relative))));
            answers.Add(await StatusAsync(client.GetAsync(new Uri("/tools/crm/customers", UriKind.Relative))));
            answers.Add(await StatusAsync(client.GetAsync(new Uri("/tools/crm/nothing", UriKind.Relative))));
            answers.Add(await StatusAsync(client.GetAsync(new Uri("/tools/hr/x", UriKind.Relative))));
            using var content = new StringContent("{\"order\":\"A-17\",\"order\":1}", Encoding.UTF8, "application/json");
            answers.Add(await StatusAsync(client.PostAsync(new Uri("/tools/crm/refunds", UriKind.Relative), content)));
        }

        var raw = await gateway.SendRawAsync("GET /tools/crm/customers/%2e%2e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", certificate);
        Assert.StartsWith("HTTP/1.1 400 ", raw, StringComparison.Ordinal);
        Assert.Equal([200, 403, 404, 404, 400], answers);
        Assert.Equal("GET /customers/42?fields=name HTTP/1.1", Assert.Single(gateway.Upstream.Requests).Line);
        Assert.Equal("Bearer the-tools-own-secret", gateway.Upstream.Requests.Single().Header("Authorization"));
        await gateway.StopAsync();
        var records = Records(gateway);
        var decisions = records.Where(record => Type(record) == "decision").Select(Id).ToList();
        Assert.Equal(6, decisions.Count);
        Assert.Equal(decisions.Order(StringComparer.Ordinal), records.Where(record => Type(record) == "outcome").Select(Id).Order(StringComparer.Ordinal));
        foreach (var id in decisions)
            Assert.True(records.FindIndex(record => Type(record) == "decision" && Id(record) == id) < records.FindIndex(record => Type(record) == "outcome" && Id(record) == id));
    }

    [Fact]
    public async Task Tool_AddedAndMovedWhileRunning_IsCalledWithoutARestart()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await using var other = RawUpstream.Start();
        using var certificate = gateway.AgentCertificate("support");
        using var client = gateway.Client(certificate);
        var customer = new Uri("/tools/crm/customers/42", UriKind.Relative);
        Assert.Equal(200, await StatusAsync(client.GetAsync(customer)));
        var stop = false;
        var load = Task.Run(async () =>
        {
            using var loaded = gateway.Client(certificate);
            var bad = 0;
            while (!Volatile.Read(ref stop))
                bad += await StatusAsync(loaded.GetAsync(customer)) == 200 ? 0 : 1;
            return bad;
        });
        for (var i = 0; i < 4; i++)
        {
            var target = i % 2 == 0 ? other : gateway.Upstream;
            await gateway.WriteConfigurationAsync(configuration => configuration["Tools"]!["crm"]!["Upstream"] = target.Url);
            var before = target.Requests.Count;
            Assert.Equal(200, await StatusAsync(client.GetAsync(customer)));
            Assert.True(target.Requests.Count > before);
        }

        Volatile.Write(ref stop, true);
        Assert.Equal(0, await load);
    }

    [Fact]
    public async Task Stop_WhileAStreamIsOpen_RecordsItsEnd()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        gateway.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        using var client = gateway.Client(certificate);
        var call = client.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative));
        for (var deadline = Environment.TickCount64 + 10_000; gateway.Upstream.Requests.IsEmpty; await Task.Delay(10))
            Assert.True(Environment.TickCount64 < deadline);
        gateway.Services.GetRequiredService<OpenCalls>().ShutdownGrace = TimeSpan.FromMilliseconds(200);
        await gateway.Services.GetRequiredService<IHost>().StopAsync();
        try
        {
            using var response = await call;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The connection may be closed before the answer is read.
        }

        var outcome = Records(gateway).Single(record => Type(record) == "outcome");
        Assert.Equal("shutdown", outcome["ended"]!.GetValue<string>());
    }

    private static async Task<int> StatusAsync(Task<HttpResponseMessage> call)
    {
        using var response = await call;
        return (int)response.StatusCode;
    }

    private static List<JsonNode> Records(GatewayFixture gateway) =>
        [.. Directory.EnumerateFiles(gateway.AuditDirectory, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)!)];

    private static string Type(JsonNode record) => record["type"]!.GetValue<string>();

    private static string Id(JsonNode record) => record["decision_id"]!.GetValue<string>();
}
