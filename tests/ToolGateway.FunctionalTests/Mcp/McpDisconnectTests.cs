using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.FunctionalTests.Identity;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>
/// A client that goes away in the middle of an answer has cancelled the call since 2026-07-28, and has cancelled nothing in the revisions before: there it may fetch the
/// rest on another stream.
/// </summary>
public sealed class McpDisconnectTests
{
    private const string Call = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"read_file","arguments":{}}}""";
    private const string Result = """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"the whole file"}]}}""";
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    private const string First = "id: e-1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":1}}\n\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Modern_ClientCloses_TheServerSeesItAtOnce()
    {
        await using var mcp = await McpFixture.StartAsync();
        var closed = Stream(mcp, untilClosed: true);

        var decision = await ReadFirstEventAndLeaveAsync(mcp, McpFixture.Modern("tools/call", """{"name":"read_file","arguments":{}}""", "7"));

        await closed.WaitAsync(Limit);
        await AssertOutcomeAsync(mcp, decision, 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_ClientCloses_TheServerWorksOnUndisturbed(bool asEvents)
    {
        await using var mcp = await McpFixture.StartAsync();
        var goOn = new TaskCompletionSource();
        var sent = new TaskCompletionSource<bool>();
        mcp.Gateway.Upstream.Respond = async (_, stream, cancellation) =>
        {
            if (asEvents)
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Head + First), cancellation);
            await goOn.Task.WaitAsync(cancellation);
            sent.SetResult(await IsOpenAsync(stream));
            await stream.WriteAsync(asEvents ? Encoding.UTF8.GetBytes($"data: {Result}\n\n") : RawUpstream.Answer(Result), cancellation);
            stream.Close();
        };

        string? decision = null;
        if (asEvents)
            decision = await ReadFirstEventAndLeaveAsync(mcp, McpFixture.Legacy(Call));
        else
            await SendAndLeaveAsync(mcp);
        var draining = await DrainingAsync(mcp);
        goOn.SetResult();

        Assert.True(await sent.Task.WaitAsync(Limit));
        await draining.Over.WaitAsync(Limit);
        await AssertOutcomeAsync(mcp, decision, 200);
    }

    [Fact]
    public async Task Session_ClientResumes_TheOldStreamEndsFirst_AndTheRestComesShaped()
    {
        await using var mcp = await McpFixture.StartAsync();
        await mcp.Gateway.AfterReloadAsync(() => McpCallTests.Grant(mcp.Gateway, """{"obligations":[{"type":"redact_response","pointers":["/ssn"]}]}"""));
        var closed = Stream(mcp, untilClosed: true);
        var decision = await ReadFirstEventAndLeaveAsync(mcp, McpFixture.Legacy(Call));
        await DrainingAsync(mcp);
        var closedBeforeResumption = false;
        mcp.Gateway.Upstream.Respond = async (request, stream, cancellation) =>
        {
            closedBeforeResumption = await Task.WhenAny(closed, Task.Delay(Limit, cancellation)) == closed;
            Assert.Equal("e-1", request.Header("Last-Event-ID"));
            const string Rest = """{"jsonrpc":"2.0","id":7,"result":{"content":[],"structuredContent":{"ssn":"078","name":"Ada"}}}""";
            await stream.WriteAsync(RawUpstream.Answer($"id: e-2\ndata: {Rest}\n\n", 200, "Content-Type: text/event-stream"), cancellation);
        };

        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var resume = new HttpRequestMessage(HttpMethod.Get, McpFixture.Endpoint);
        resume.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        resume.Headers.Add("Last-Event-ID", "e-1");
        using var response = await client.SendAsync(resume);
        var rest = await response.Content.ReadAsStringAsync();

        Assert.True(closedBeforeResumption);
        Assert.StartsWith("id: e-2\n", rest, StringComparison.Ordinal);
        Assert.Contains("Ada", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("078", rest, StringComparison.Ordinal);
        await AssertOutcomeAsync(mcp, decision, 200);
    }

    /// <summary>Servers send a response where the request's id leads them, and ids are the client's: another request with the same id must not decide its shape.</summary>
    [Theory]
    [InlineData("resumed stream")]
    [InlineData("other stream")]
    [InlineData("other answer")]
    public async Task Session_ClientUsesTheIdAgain_TheRestIsShapedAsItsOwnRequestWants(string restComesOn)
    {
        const string Rest = """{"jsonrpc":"2.0","id":7,"result":{"content":[],"structuredContent":{"ssn":"078","name":"Ada"}}}""";
        const string Pong = """{"jsonrpc":"2.0","id":7,"result":{}}""";
        await using var mcp = await McpFixture.StartAsync();
        await mcp.Gateway.AfterReloadAsync(() => McpCallTests.Grant(mcp.Gateway, """{"obligations":[{"type":"redact_response","pointers":["/ssn"]}]}"""));
        mcp.AnswerResult("initialize", "{}", "Mcp-Session-Id: of-the-server");
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var initialized = await client.SendAsync(McpFixture.Legacy("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"""));
        var session = initialized.Headers.GetValues("Mcp-Session-Id").Single();
        var closed = Stream(mcp, untilClosed: true);
        await ReadFirstEventAndLeaveAsync(mcp, McpFixture.Legacy(Call, session));
        await DrainingAsync(mcp);
        mcp.Gateway.Upstream.Respond = async (request, stream, cancellation) =>
        {
            var isResumption = request.Line.StartsWith("GET", StringComparison.Ordinal);
            var message = isResumption || restComesOn != "resumed stream" ? Rest : Pong;
            var answer = !isResumption && restComesOn == "other answer"
                ? RawUpstream.Answer(message)
                : RawUpstream.Answer($"data: {message}\n\n", 200, "Content-Type: text/event-stream");
            await stream.WriteAsync(answer, cancellation);
        };

        using var other = await client.SendAsync(McpFixture.Legacy("""{"jsonrpc":"2.0","id":7,"method":"ping"}""", session));
        using var resume = new HttpRequestMessage(HttpMethod.Get, McpFixture.Endpoint);
        resume.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        resume.Headers.Add("Mcp-Session-Id", session);
        resume.Headers.Add("Last-Event-ID", "e-1");
        using var response = await client.SendAsync(resume);
        await closed;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var shown = await other.Content.ReadAsStringAsync() + await response.Content.ReadAsStringAsync();
        Assert.Contains("Ada", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("078", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_ServerAsksAfterTheClientLeft_TheAnswerIsStillTaken()
    {
        await using var mcp = await McpFixture.StartAsync();
        var goOn = new TaskCompletionSource();
        mcp.Gateway.Upstream.Respond = async (request, stream, cancellation) =>
        {
            if (!Encoding.UTF8.GetString(request.Body).Contains("tools/call", StringComparison.Ordinal))
            {
                await stream.WriteAsync(RawUpstream.Answer("", 202), cancellation);
                return;
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(Head + First), cancellation);
            await goOn.Task.WaitAsync(cancellation);
            await stream.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":\"ask\",\"method\":\"elicitation/create\",\"params\":{}}\n\n"u8.ToArray(), cancellation);
            stream.Close();
        };
        await ReadFirstEventAndLeaveAsync(mcp, McpFixture.Legacy(Call));
        var draining = await DrainingAsync(mcp);
        goOn.SetResult();
        await draining.Over.WaitAsync(Limit);

        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using var answer = await client.SendAsync(McpFixture.Legacy("""{"jsonrpc":"2.0","id":"ask","result":{"action":"accept"}}"""));

        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task Session_ServerNeverEnds_IsLeftAfterTheToolsTimeout()
    {
        await using var mcp = await McpFixture.StartAsync(tool => tool["Timeout"] = "00:00:01");
        var closed = Stream(mcp, untilClosed: true);

        var decision = await ReadFirstEventAndLeaveAsync(mcp, McpFixture.Legacy(Call));

        await closed.WaitAsync(Limit);
        await AssertOutcomeAsync(mcp, decision, 200);
    }

    [Fact]
    public async Task Session_ServerFloods_IsLeftAfterTheInspectionLimit()
    {
        await using var mcp = await McpFixture.StartAsync(prepare: gateway => gateway.Configuration["Limits"] = new JsonObject { ["MaxInspectedResponseBytes"] = 100_000 });
        var written = Stream(mcp, untilClosed: false);

        var decision = await ReadFirstEventAndLeaveAsync(mcp, McpFixture.Legacy(Call));

        // What lies in the sockets' buffers was written as well.
        Assert.InRange(await written.WaitAsync(Limit), 100_000, 50_000_000);
        await AssertOutcomeAsync(mcp, decision, 200);
    }

    /// <summary>A server that answers with one event, and then waits, or sends more, until its connection is closed. The result is how many bytes it wrote.</summary>
    private static Task<long> Stream(McpFixture mcp, bool untilClosed)
    {
        var ended = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        mcp.Gateway.Upstream.Respond = async (_, stream, cancellation) =>
        {
            long written = 0;
            try
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Head + First), cancellation);
                if (untilClosed && await stream.ReadAsync(new byte[1], cancellation) > 0)
                    throw new InvalidOperationException("another request on a connection that is in use");
                for (var data = Encoding.UTF8.GetBytes(First); !untilClosed; written += data.Length)
                    await stream.WriteAsync(data, cancellation);
            }
            catch (IOException)
            {
                // The gateway has closed it.
            }

            ended.TrySetResult(written);
            stream.Close();
        };
        return ended.Task;
    }

    private static async Task<string> ReadFirstEventAndLeaveAsync(McpFixture mcp, HttpRequestMessage request)
    {
        using var client = mcp.Gateway.Client(mcp.Gateway.AgentCertificate("support"));
        using (request)
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            using var reader = new StreamReader(body);
            Assert.Equal("id: e-1", await reader.ReadLineAsync());
            return response.Headers.GetValues("Tool-Decision-Id").Single();
        }
    }

    private static async Task SendAndLeaveAsync(McpFixture mcp)
    {
        await using var tls = await mcp.Gateway.ConnectAsync(mcp.Gateway.AgentCertificate("support"));
        await tls.WriteAsync(Encoding.UTF8.GetBytes(
            $"POST {McpFixture.Endpoint} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
            + $"MCP-Protocol-Version: 2025-11-25\r\nContent-Length: {Call.Length}\r\n\r\n{Call}"));
        await UntilAsync(() => !mcp.Gateway.Upstream.Requests.IsEmpty);
    }

    private static async Task<OpenCall> DrainingAsync(McpFixture mcp)
    {
        var open = mcp.Gateway.Services.GetRequiredService<OpenCalls>();
        await UntilAsync(() => open.Draining(null).Count == 1);
        return open.Draining(null).Single();
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var deadline = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!isSo())
        {
            Assert.True(Environment.TickCount64 < deadline, "it did not happen in time");
            await Task.Delay(10);
        }
    }

    /// <summary>Whether the other side has not closed the connection. A moment is given to it: closing takes one.</summary>
    private static async Task<bool> IsOpenAsync(NetworkStream stream)
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            return await stream.ReadAsync(new byte[1], moment.Token) > 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private static async Task AssertOutcomeAsync(McpFixture mcp, string? decision, int upstreamStatus)
    {
        decision ??= (string)JsonNode.Parse(AuditRecords.Text(mcp.Gateway).Split('\n').Last(line => line.Contains("\"type\":\"decision\"", StringComparison.Ordinal)))!["decision_id"]!;
        var outcome = await AuditRecords.FindAsync(mcp.Gateway, decision, "outcome");
        Assert.Equal("client_aborted", (string?)outcome["ended"]);
        Assert.Equal(upstreamStatus, (int)outcome["upstream_status"]!);
    }
}
