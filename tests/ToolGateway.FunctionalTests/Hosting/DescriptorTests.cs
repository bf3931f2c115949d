using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Samples;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary>A process that may open few files: connections are refused before there are none left, and all is well again afterwards.</summary>
public sealed class DescriptorTests
{
    /// <summary>(500 - 256) / 2, as the gateway counts.</summary>
    private const int Descriptors = 500;
    private const int Connections = 122;

    [ToolFact("prlimit")]
    public async Task Connections_MoreThanTheDescriptorsAllow_AreClosedAndOpenOnesServed()
    {
        await using var fixture = await StoppedGatewayAsync();
        using var gateway = GatewayProcess.Launch(fixture, shell: $"ulimit -n {Descriptors}");
        await gateway.ReadyAsync(fixture);
        Assert.Contains($"Limits:MaxConnections is 10000, but this process's file descriptors allow {Connections} connections", gateway.Output, StringComparison.Ordinal);
        using var certificate = fixture.AgentCertificate("support");
        using var agent = fixture.Client(certificate);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(agent));
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < Descriptors; i++)
                sockets.Add(await ConnectAsync(fixture.Port));

            Assert.Equal(Descriptors - Connections + 1, await ClosedAsync(sockets));
            Assert.Equal(HttpStatusCode.OK, await CallAsync(agent));
            using var stranger = fixture.Client(certificate);
            await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(stranger));
            await gateway.ReadyAsync(fixture);
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }

        await UntilServedAsync(fixture);
        Assert.Equal(0, await gateway.TerminateAsync());
    }

    /// <summary>Nothing can be opened any more, whoever took the last descriptor: what is open is answered within the limits of a call, and the rest when there are some again.</summary>
    [ToolFact("prlimit")]
    public async Task Descriptors_AllGone_CallsEndWithinTheirLimitsAndRecover()
    {
        await using var fixture = await StoppedGatewayAsync();
        fixture.Upstream.Respond = static (_, stream, cancellation) =>
            stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray(), cancellation).AsTask();
        using var gateway = await GatewayProcess.StartAsync(fixture);
        using var certificate = fixture.AgentCertificate("support");
        using var agent = fixture.Client(certificate);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(agent));

        // Descriptors are numbered from 0 on, and 0 to 2 are taken.
        await gateway.LimitDescriptorsAsync(3);

        // The caller's connection is open; one to the tool cannot be. The call is answered, and recorded.
        Assert.Equal(HttpStatusCode.BadGateway, await CallAsync(agent));
        Assert.Equal(HttpStatusCode.BadGateway, await CallAsync(agent));

        await gateway.LimitDescriptorsAsync(4096);

        await UntilServedAsync(fixture);
        await gateway.ReadyAsync(fixture);
        var records = Directory.EnumerateFiles(fixture.AuditDirectory, "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines).Select(static line => JsonNode.Parse(line)!).ToArray();
        Assert.Contains(records, static record => record["type"]!.GetValue<string>() == "outcome" && record["status"]!.GetValue<int>() == 502);
        Assert.Equal(0, await gateway.TerminateAsync());
    }

    private static async Task<GatewayFixture> StoppedGatewayAsync()
    {
        var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();
        return fixture;
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var response = await client.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative), timeout.Token);
        return response.StatusCode;
    }

    private static async Task UntilServedAsync(GatewayFixture fixture)
    {
        using var certificate = fixture.AgentCertificate("support");
        for (var deadline = Environment.TickCount64 + 30_000; ; await Task.Delay(50))
        {
            try
            {
                using var client = fixture.Client(certificate);
                if (await CallAsync(client) == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Refused still.
            }

            Assert.True(Environment.TickCount64 < deadline, "calls are not served again");
        }
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>How many of the connections the gateway has closed, when the number no longer changes.</summary>
    private static async Task<int> ClosedAsync(List<Socket> sockets)
    {
        var (closed, since) = (-1, Environment.TickCount64);
        while (Environment.TickCount64 - since < 1_000)
        {
            var now = sockets.Count(static socket => socket.Poll(0, SelectMode.SelectRead));
            if (now != closed)
                (closed, since) = (now, Environment.TickCount64);
            await Task.Delay(50);
        }

        return closed;
    }
}
