using System.Globalization;
using ToolGateway.Enforcement;

namespace ToolGateway.FunctionalTests.Calls;

/// <summary>Requests that no HTTP client would send, as bytes. None reaches the tool; each identified one leaves its pair of records.</summary>
public sealed class RawRequestTests
{
    private const string Json = "Content-Type: application/json\r\n";

    [Theory]
    [InlineData("GET http://gateway/tools/crm/customers/1", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("OPTIONS *", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/../crm/customers/1", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/customers/%2e%2e", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/customers/a%2Fb", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm//customers/1", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/customers/1/", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/customers/1;v=2", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/customers/a\\b", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/customers/1?limit=%00", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/Customers/1", "", "", 400, ReasonCodes.TargetInvalid)]
    [InlineData("GET /tools/crm/customers/1?other=1", "", "", 400, ReasonCodes.QueryInvalid)]
    [InlineData("GET /tools/crm/customers/1?limit=1&Limit=2", "", "", 400, ReasonCodes.QueryInvalid)]
    [InlineData("GET /tools/crm/customers/1?", "", "", 400, ReasonCodes.QueryInvalid)]
    [InlineData("GET /tools/crm/nothing", "", "", 404, ReasonCodes.ActionUnknown)]
    [InlineData("GET /tools/crm", "", "", 404, ReasonCodes.ActionUnknown)]
    [InlineData("GET /tools/hr/customers/1", "", "", 404, ReasonCodes.ToolUnknown)]
    [InlineData("GET /tools/CRM/customers/1", "", "", 404, ReasonCodes.ToolUnknown)]
    [InlineData("GET /", "", "", 404, ReasonCodes.ToolUnknown)]
    [InlineData("DELETE /tools/crm/customers/1", "", "", 405, ReasonCodes.MethodNotAllowed)]
    [InlineData("HEAD /tools/crm/customers/1", "", "", 405, ReasonCodes.MethodNotAllowed)]
    [InlineData("FOO /tools/crm/customers/1", "", "", 405, ReasonCodes.MethodNotAllowed)]
    [InlineData("GET /tools/crm/customers/1", "Content-Length: 2\r\n", "{}", 400, ReasonCodes.BodyUnexpected)]
    [InlineData("GET /tools/crm/customers/1", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", 400, ReasonCodes.BodyUnexpected)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", 400, ReasonCodes.RequestMalformed)]
    [InlineData("POST /tools/crm/refunds", Json + "Transfer-Encoding: gzip, chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", 400, ReasonCodes.RequestMalformed)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 2\r\nExpect: 200-maybe\r\n", "{}", 400, ReasonCodes.HeaderInvalid)]
    [InlineData("POST /tools/crm/refunds", "Content-Length: 2\r\n", "{}", 415, ReasonCodes.MediaTypeUnsupported)]
    [InlineData("POST /tools/crm/refunds", "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}", 415, ReasonCodes.MediaTypeUnsupported)]
    [InlineData("POST /tools/crm/refunds", Json + Json + "Content-Length: 2\r\n", "{}", 415, ReasonCodes.MediaTypeUnsupported)]
    [InlineData("POST /tools/crm/refunds", "Content-Type: application/json; charset=utf-16\r\nContent-Length: 2\r\n", "{}", 415, ReasonCodes.MediaTypeUnsupported)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}", 415, ReasonCodes.MediaTypeUnsupported)]
    [InlineData("PUT /tools/crm/files/a", "Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}", 415, ReasonCodes.MediaTypeUnsupported)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 0\r\n", "", 400, ReasonCodes.BodyInvalid)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 4\r\n", "{} 1", 400, ReasonCodes.BodyInvalid)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 13\r\n", "{\"a\":1,\"A\":2}", 400, ReasonCodes.BodyInvalid)]
    [InlineData("POST /tools/crm/refunds", Json + "Transfer-Encoding: chunked\r\n", "5\r\n{\"a\":\r\n2\r\n1}\r\n1\r\n}\r\n0\r\n\r\n", 400, ReasonCodes.BodyInvalid)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 2000000\r\n", "", 413, ReasonCodes.BodyTooLarge)]
    [InlineData("PUT /tools/crm/files/a", "Content-Length: 2000000\r\n", "", 413, ReasonCodes.BodyTooLarge)]
    [InlineData("POST /tools/crm/refunds", Json + "Transfer-Encoding: chunked\r\n", "zz\r\n", 400, ReasonCodes.RequestMalformed)]
    [InlineData("GET /tools/crm/customers/1", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "", 400, ReasonCodes.UpgradeRefused)]
    [InlineData("GET /tools/crm/customers/1", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "", 400, ReasonCodes.UpgradeRefused)]
    [InlineData("GET /tools/crm/customers/1", "Agent-Task: a\r\nAgent-Task: b\r\n", "", 400, ReasonCodes.IntentInvalid)]
    [InlineData("GET /tools/crm/customers/1", "Agent-Purpose: a\tb\r\n", "", 400, ReasonCodes.IntentInvalid)]
    public async Task Call_AmbiguousOrUnknown_IsRefusedAndRecorded(string line, string headers, string body, int status, string reason)
    {
        await using var host = await PipelineHost.StartAsync();
        var answer = await host.SendAsync(line, headers, body);
        Assert.StartsWith($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} ", answer, StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.False(decision.Decision.Allow);
        Assert.Equal([reason], decision.Decision.Reasons);
        Assert.Equal((status, reason, "blocked"), (outcome.Status, outcome.Reason, outcome.Ended));
        if (!line.StartsWith("HEAD", StringComparison.Ordinal))
        {
            Assert.Contains($"urn:toolgateway:problem:{reason}", answer, StringComparison.Ordinal);
            Assert.Contains($"\"decision_id\":\"{decision.DecisionId}\"", answer, StringComparison.Ordinal);
        }

        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
        if (status == 405)
            Assert.Contains("\r\nAllow: GET\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /tools/crm/customers/1 HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/%zz%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET /tools/crm/customers/1 HTTP/3.7\r\nHost: a\r\n\r\n", 505)]
    [InlineData("GET  /tools/crm/customers/1 HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    public async Task Call_NotHttp_IsAnsweredByTheServerAndRecordedApart(string request, int status)
    {
        await using var host = await PipelineHost.StartAsync();
        var answer = await host.SendRawAsync(request.Replace("Host: a\r\n", "Host: a\r\nConnection: close\r\n", StringComparison.Ordinal));
        Assert.StartsWith($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} ", answer, StringComparison.Ordinal);
        await RefusedByTheServerAsync(host, status, ReasonCodes.RequestMalformed);
    }

    [Theory]
    [InlineData("many headers", 431, ReasonCodes.HeadersTooLarge)]
    [InlineData("large header", 431, ReasonCodes.HeadersTooLarge)]
    [InlineData("long target", 414, ReasonCodes.TargetInvalid)]
    public async Task Call_BeyondTheServersLimits_IsRefusedAndRecordedApart(string what, int status, string reason)
    {
        await using var host = await PipelineHost.StartAsync();
        var headers = what switch
        {
            "many headers" => string.Concat(Enumerable.Range(0, 120).Select(i => $"x-{i}: 1\r\n")),
            "large header" => $"x-large: {new string('a', 40_000)}\r\n",
            _ => "",
        };
        var answer = await host.SendAsync($"GET /tools/crm/customers/{(what == "long target" ? new string('a', 20_000) : "1")}", headers);
        Assert.StartsWith($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} ", answer, StringComparison.Ordinal);
        await RefusedByTheServerAsync(host, status, reason);
    }

    [Fact]
    public async Task Call_LengthsThatDisagree_EndTheConnection()
    {
        await using var host = await PipelineHost.StartAsync();
        const string smuggled = "GET /tools/crm/customers/2 HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer support\r\n\r\n";
        var answer = await host.SendRawAsync(
            "POST /tools/crm/refunds HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer support\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {smuggled.Length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}");
        Assert.Single(answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
    }

    [Fact]
    public async Task Call_Connect_IsRefused()
    {
        await using var host = await PipelineHost.StartAsync();
        var answer = await host.SendRawAsync("CONNECT tool.internal:443 HTTP/1.1\r\nHost: tool.internal:443\r\nAuthorization: Bearer support\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal([ReasonCodes.TargetInvalid], (await host.Audit.PairAsync()).Decision.Decision.Reasons);
    }

    [Fact]
    public async Task Call_Unidentified_Is401AndRecordedApart()
    {
        await using var host = await PipelineHost.StartAsync();
        var answer = await host.SendRawAsync("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Bearer resource_metadata=", answer, StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
        Assert.Empty(host.Audit.Decisions);
        var (decision, outcome) = Assert.Single(host.Audit.UnidentifiedCalls);
        Assert.Equal([ReasonCodes.CredentialMissing], decision.Decision.Reasons);
        Assert.Equal((decision.DecisionId, 401, "blocked"), (outcome.DecisionId, outcome.Status, outcome.Ended));
    }

    [Fact]
    public async Task Call_ChunkedJson_IsForwardedWithItsLength()
    {
        await using var host = await PipelineHost.StartAsync();
        var answer = await host.SendAsync(
            "POST /tools/crm/refunds", Json + "Transfer-Encoding: chunked\r\n", "5;ext=1\r\n{\"a\":\r\n2\r\n1}\r\n0\r\nX-Trailer: evil\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal("{\"a\":1}"u8.ToArray(), request.Body);
        Assert.Equal("7", request.Header("Content-Length"));
        Assert.Null(request.Header("Transfer-Encoding"));
        Assert.Null(request.Header("X-Trailer"));
    }

    [Theory]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 10\r\n", "{", false)]
    [InlineData("POST /tools/crm/refunds", Json + "Content-Length: 10\r\n", "{", true)]
    [InlineData("POST /tools/crm/refunds", Json + "Transfer-Encoding: chunked\r\n", "5\r\n{", false)]
    [InlineData("POST /tools/crm/refunds", Json + "Transfer-Encoding: chunked\r\n", "1\r\n{\r\n", true)]
    [InlineData("PUT /tools/crm/files/a", "Content-Length: 10\r\n", "{", true)]
    [InlineData("PUT /tools/crm/files/a", "Transfer-Encoding: chunked\r\n", "5\r\n{", false)]
    public async Task Call_BodyThatEndsEarly_IsRecordedAsAborted(string line, string headers, string body, bool waits)
    {
        await using var host = await PipelineHost.StartAsync();
        var request = $"{line} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\n{headers}\r\n{body}";
        if (waits)
        {
            // Whoever only stops sending may still read, and sometimes gets the answer.
            await host.SendRawAsync(request, end: true);
        }
        else
        {
            using var tcp = new System.Net.Sockets.TcpClient();
            await tcp.ConnectAsync(System.Net.IPAddress.Loopback, host.Port);
            await tcp.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        }

        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.Equal(line.StartsWith("PUT", StringComparison.Ordinal), decision.Decision.Allow);
        Assert.Equal(("client_aborted", ReasonCodes.RequestMalformed), (outcome.Ended, outcome.Reason));
        Assert.Empty(host.Upstream.Requests);
    }

    [Fact]
    public async Task Call_StreamedBodyThatIsNone_IsBlocked()
    {
        await using var host = await PipelineHost.StartAsync();
        var answer = await host.SendAsync("PUT /tools/crm/files/a", "Transfer-Encoding: chunked\r\n", "zz\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal("blocked", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task Call_HeadersThatTakeTooLong_Are408FromTheServer()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Limits.HeadersTimeout = TimeSpan.FromMilliseconds(500));
        Assert.StartsWith("HTTP/1.1 408 ", await host.SendRawAsync("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: g\r\nAuth"), StringComparison.Ordinal);
        await RefusedByTheServerAsync(host, 408, ReasonCodes.RequestTimeout, "timeout");
    }

    [Fact]
    public async Task Call_HeadersThatEndEarly_AreRecordedApart()
    {
        await using var host = await PipelineHost.StartAsync();
        using (var tcp = new System.Net.Sockets.TcpClient())
        {
            await tcp.ConnectAsync(System.Net.IPAddress.Loopback, host.Port);
            await tcp.GetStream().WriteAsync("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: g\r\nAuth"u8.ToArray());
        }

        await RefusedByTheServerAsync(host, 400, ReasonCodes.RequestMalformed);
    }

    [Fact]
    public async Task Connection_ThatSaysNothing_IsNoCall()
    {
        await using var host = await PipelineHost.StartAsync();
        Assert.Equal("", await host.SendRawAsync("", end: true));
        Assert.StartsWith("HTTP/1.1 400 ", await host.SendRawAsync("nothing\r\n\r\n"), StringComparison.Ordinal);
        await RefusedByTheServerAsync(host, 400, ReasonCodes.RequestMalformed);
    }

    [Fact]
    public async Task Call_GarbageAfterAGoodCall_LeavesARecordBesideThePair()
    {
        await using var host = await PipelineHost.StartAsync();
        var answer = await host.SendRawAsync("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\n\r\nGARBAGE\r\n\r\n");
        Assert.Equal(["200 OK", "400 Bad Request"], answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split("\r\n")[0]));
        await host.Audit.WaitForUnidentifiedAsync();
        Assert.True((await host.Audit.PairAsync()).Decision.Decision.Allow);
        Assert.Equal(400, Assert.Single(host.Audit.UnidentifiedCalls).Outcome.Status);
    }

    [Fact]
    public async Task Call_BodyThatTakesTooLong_Is408()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Limits.BodyTimeout = TimeSpan.FromMilliseconds(300));
        var answer = await host.SendRawAsync(
            "POST /tools/crm/refunds HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.Equal([ReasonCodes.RequestTimeout], decision.Decision.Reasons);
        Assert.Equal("timeout", outcome.Ended);
    }

    /// <summary>Nothing was forwarded, nobody was identified, and there is exactly one record.</summary>
    private static async Task RefusedByTheServerAsync(PipelineHost host, int status, string reason, string ended = "blocked")
    {
        await host.Audit.WaitForUnidentifiedAsync();
        var (decision, outcome) = Assert.Single(host.Audit.UnidentifiedCalls);
        Assert.Equal(("127.0.0.1", "c1", decision.DecisionId), (decision.RemoteAddress, decision.ConfigurationRevision, outcome.DecisionId));
        Assert.Equal([reason], decision.Decision.Reasons);
        Assert.Equal((status, reason, ended), (outcome.Status, outcome.Reason, outcome.Ended));
        Assert.Empty(host.Audit.Decisions);
        Assert.Empty(host.Upstream.Requests);
    }
}
