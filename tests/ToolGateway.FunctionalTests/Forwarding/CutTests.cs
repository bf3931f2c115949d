using System.Diagnostics;
using System.Net;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;
using ToolGateway.FunctionalTests.Calls;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Forwarding;

/// <summary>Calls that must not go on: too slow, no longer welcome, or without a tool.</summary>
public sealed class CutTests
{
    private static readonly Uri Customer = new("/tools/crm/customers/1", UriKind.Relative);

    [Fact]
    public async Task Tool_NeverAnswers_Is504AfterItsTimeout()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].Timeout = TimeSpan.FromMilliseconds(400));
        host.Upstream.Respond = static (_, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation);
        var (status, body, elapsed) = await GetAsync(host);
        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains(ReasonCodes.ToolTimeout, body, StringComparison.Ordinal);
        Assert.InRange(elapsed.TotalSeconds, 0.39, 1.4);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.True(decision.Decision.Allow);
        Assert.Equal((504, "timeout", ReasonCodes.ToolTimeout), (outcome.Status, outcome.Ended, outcome.Reason));
    }

    [Fact]
    public async Task Obligation_TimeoutSeconds_LimitsTheWholeCall()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = static _ => PipelineHost.Allow(new Obligations { Timeout = TimeSpan.FromMilliseconds(500) });
        host.Upstream.Respond = Endless;
        using var client = host.Client();
        using var response = await client.GetAsync(Customer, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("timeout", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task Tool_Timeout_DoesNotLimitAnAnswerThatBegan()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].Timeout = TimeSpan.FromMilliseconds(300));
        host.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nab"u8.ToArray(), cancellation);
            await Task.Delay(700, cancellation);
            await stream.WriteAsync("cd"u8.ToArray(), cancellation);
        };
        var (status, body, _) = await GetAsync(host);
        Assert.Equal((HttpStatusCode.OK, "abcd"), (status, body));
    }

    [Fact]
    public async Task Tool_Down_Is502WithoutItsAddress()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].Upstream = $"http://127.0.0.1:{GatewayFixture.FreePort()}");
        var (status, body, _) = await GetAsync(host);
        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.DoesNotContain("127.0.0.1", body, StringComparison.Ordinal);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.True(decision.Decision.Allow);
        Assert.Equal(("upstream_error", ReasonCodes.ToolUnreachable), (outcome.Ended, outcome.Reason));
        Assert.Null(outcome.UpstreamStatus);
    }

    [Theory]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent Length: 1\r\n\r\n")]
    public async Task Tool_AnswersNonsense_Is502(string answer)
    {
        await using var host = await PipelineHost.StartAsync();
        host.Upstream.Respond = async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), cancellation);
            stream.Close();
        };
        Assert.Equal(HttpStatusCode.BadGateway, (await GetAsync(host)).Status);
        Assert.Equal("upstream_error", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task Tool_AnswersWithEndlessHeaders_Is502()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nX-Large: "u8.ToArray(), cancellation);
            while (true)
                await stream.WriteAsync(new byte[8192].Select(static _ => (byte)'x').ToArray(), cancellation);
        };
        Assert.Equal(HttpStatusCode.BadGateway, (await GetAsync(host)).Status);
        Assert.Equal("upstream_error", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task Credential_ExpiresDuringAStream_CutsItWithinASecond()
    {
        await using var host = await PipelineHost.StartAsync();
        host.CredentialExpires = DateTimeOffset.UtcNow.AddSeconds(3);
        host.Upstream.Respond = Endless;
        await AssertRevokedAsync(host, static _ => { }, seconds: 5);
    }

    [Fact]
    public async Task Agent_DisabledDuringAStream_CutsItWithinASecond()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Upstream.Respond = Endless;
        await AssertRevokedAsync(host, static host => Disable(host));
    }

    [Fact]
    public async Task Agent_DisabledDuringAnUpgradedConnection_CutsIt()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].AllowUpgrade = true);
        host.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        var connection = host.SendRawAsync("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n");
        await host.Audit.WaitForDecisionAsync();
        await Task.Delay(100);
        Disable(host);
        var clock = Stopwatch.StartNew();
        Assert.StartsWith("HTTP/1.1 101 ", await connection, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal("revoked", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task Obligation_Redact_KeepsTheTimeoutUntilTheLastByte()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].Timeout = TimeSpan.FromMilliseconds(400));
        host.Decide = static _ => PipelineHost.Allow(new Obligations { RedactResponse = ["/ssn"] });
        host.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        var (status, body, _) = await GetAsync(host);
        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains(ReasonCodes.ToolTimeout, body, StringComparison.Ordinal);
        Assert.Equal("timeout", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task Agent_DisabledWhileDeciding_IsNotForwarded()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = _ =>
        {
            Disable(host);
            return PipelineHost.Allow();
        };
        var (status, _, _) = await GetAsync(host);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Empty(host.Upstream.Requests);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.True(decision.Decision.Allow);
        Assert.Equal(("revoked", ReasonCodes.AgentDisabled, 403), (outcome.Ended, outcome.Reason, outcome.Status));
    }

    private static async Task AssertRevokedAsync(PipelineHost host, Action<PipelineHost> revoke, int seconds = 2)
    {
        using var client = host.Client();
        using var response = await client.GetAsync(Customer, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        revoke(host);
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await response.Content.ReadAsByteArrayAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, seconds);
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal(("revoked", ReasonCodes.Revoked), (outcome.Ended, outcome.Reason));
    }

    private static void Disable(PipelineHost host)
    {
        host.Options.Agents["support"].Enabled = false;
        host.Snapshots.Swap(PipelineHost.Snapshot(host.Options));
    }

    private static async Task Endless(RawRequest request, System.Net.Sockets.NetworkStream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            await stream.WriteAsync("3\r\n:a\n\r\n"u8.ToArray(), cancellation);
            await Task.Delay(50, cancellation);
        }
    }

    private static async Task<(HttpStatusCode Status, string Body, TimeSpan Elapsed)> GetAsync(PipelineHost host)
    {
        using var client = host.Client();
        var clock = Stopwatch.StartNew();
        using var response = await client.GetAsync(Customer);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), clock.Elapsed);
    }
}
