using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ToolGateway.Enforcement;
using ToolGateway.FunctionalTests.Calls;
using Yarp.ReverseProxy.Forwarder;

namespace ToolGateway.FunctionalTests.Forwarding;

public sealed class StreamingTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Response_Events_ArriveAsTheyAreSent()
    {
        await using var host = await PipelineHost.StartAsync();
        var received = new SemaphoreSlim(0);
        host.Upstream.Respond = async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), cancellation);
            for (var i = 0; i < 3; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"9\r\ndata: {i}\n\n\r\n"), cancellation);

                // The next event is sent only after the caller has this one.
                Assert.True(await received.WaitAsync(Soon, cancellation));
            }

            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellation);
        };
        using var client = host.Client();
        using var response = await client.GetAsync(new Uri("/tools/crm/customers/1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
            received.Release();
        }

        Assert.Null(await reader.ReadLineAsync());
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal((27, "completed"), (outcome.ResponseBytes, outcome.Ended));
    }

    [Fact]
    public async Task Client_GoesAway_CancelsTheToolAtOnce()
    {
        await using var host = await PipelineHost.StartAsync();
        var closed = new TaskCompletionSource();
        host.Upstream.Respond = async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n:a\n\r\n"u8.ToArray(), cancellation);
            await WaitForCloseAsync(stream, closed, cancellation);
        };
        using (var client = host.Client())
        {
            using var response = await client.GetAsync(new Uri("/tools/crm/customers/1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await closed.Task.WaitAsync(Soon);
        Assert.Equal("client_aborted", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task Client_GoesAwayBeforeTheAnswer_CancelsTheToolAtOnce()
    {
        await using var host = await PipelineHost.StartAsync();
        var closed = new TaskCompletionSource();
        var called = new TaskCompletionSource();
        host.Upstream.Respond = (_, stream, cancellation) =>
        {
            called.SetResult();
            return WaitForCloseAsync(stream, closed, cancellation);
        };
        using (var tcp = new TcpClient())
        {
            await tcp.ConnectAsync(IPAddress.Loopback, host.Port);
            await tcp.GetStream().WriteAsync("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\n\r\n"u8.ToArray());
            await called.Task.WaitAsync(Soon);
        }

        await closed.Task.WaitAsync(Soon);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.True(decision.Decision.Allow);
        Assert.Equal("client_aborted", outcome.Ended);
    }

    [Fact]
    public async Task Request_OpaqueBody_StreamsBeforeItIsComplete()
    {
        await using var host = await PipelineHost.StartAsync();
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, host.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync("PUT /tools/crm/files/a HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"u8.ToArray());

        // The tool has the head of the request while its body is open: the decision was made without the body.
        await host.Audit.WaitForDecisionAsync();
        await stream.WriteAsync("2\r\nde\r\n0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("abcde"u8.ToArray(), Assert.Single(host.Upstream.Requests).Body);
        Assert.Equal(5, (await host.Audit.PairAsync()).Outcome.RequestBytes);
    }

    [Fact]
    public async Task Request_OpaqueBodyBeyondTheLimit_Is413AndRecorded()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Limits.MaxBodyBytes = 10_000);
        var chunk = $"1000\r\n{new string('x', 0x1000)}\r\n";
        var answer = await host.SendAsync("PUT /tools/crm/files/a", "Transfer-Encoding: chunked\r\n", chunk + chunk + chunk + "0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.True(decision.Decision.Allow);
        Assert.Equal((413, ReasonCodes.BodyTooLarge), (outcome.Status, outcome.Reason));
    }

    [Fact]
    public async Task Response_BrokenOffByTheTool_DoesNotLookWhole()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), cancellation);
            stream.Close();
        };
        using var client = host.Client();
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await client.GetByteArrayAsync(new Uri("/tools/crm/customers/1", UriKind.Relative)));
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal(("upstream_error", ReasonCodes.ToolUnreachable, 4), (outcome.Ended, outcome.Reason, outcome.ResponseBytes));
    }

    /// <summary>YARP aborts the caller's connection, and now and then that is seen before what the tool did.</summary>
    [Fact]
    public async Task Response_BrokenOffByTheTool_IsNotTheCallersDoingThoughItsConnectionEndsFirst()
    {
        await using var host = await PipelineHost.StartAsync(services: static services =>
        {
            var forwarder = services.Last(static service => service.ServiceType == typeof(IHttpForwarder)).ImplementationType!;
            services.AddSingleton<IHttpForwarder>(provider => new LateForwarder((IHttpForwarder)ActivatorUtilities.CreateInstance(provider, forwarder)));
        });
        host.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), cancellation);
            stream.Close();
        };
        using var client = host.Client();
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await client.GetByteArrayAsync(new Uri("/tools/crm/customers/1", UriKind.Relative)));
        Assert.Equal("upstream_error", (await host.Audit.PairAsync()).Outcome.Ended);
    }

    [Fact]
    public async Task WebSocket_WhereTheToolAllowsIt_IsTunnelled()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].AllowUpgrade = true);
        host.Upstream.Respond = static async (request, stream, cancellation) =>
        {
            Assert.Equal("websocket", request.Header("Upgrade"));
            Assert.Equal("Upgrade", request.Header("Connection"));
            Assert.Equal("AQIDBAUGBwgJCgsMDQ4PEA==", request.Header("Sec-WebSocket-Key"));
            await stream.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"u8.ToArray(), cancellation);
            var buffer = new byte[16];
            var read = await stream.ReadAsync(buffer, cancellation);
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellation);
            stream.Close();
        };
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, host.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync("GET /tools/crm/customers/1 HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Equal("HTTP/1.1 101 Switching Protocols", await reader.ReadLineAsync());
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        await stream.WriteAsync("ping\n"u8.ToArray());
        Assert.Equal("ping", await reader.ReadLineAsync());
        tcp.Close();
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal((101, 5, 5), (outcome.Status, outcome.RequestBytes, outcome.ResponseBytes));
    }

    [Fact]
    public async Task WebSocket_BeyondThePolicysLimit_IsCut()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].AllowUpgrade = true);
        host.Decide = static _ => PipelineHost.Allow(new ToolGateway.Decisions.Obligations { LimitResponseBytes = 10 });
        host.Upstream.Respond = static (_, stream, cancellation) => stream.WriteAsync(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nmore than ten bytes"u8.ToArray(), cancellation).AsTask();
        var answer = await host.SendRawAsync(
            "GET /tools/crm/customers/1 HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer support\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("more than", answer, StringComparison.Ordinal);
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal((0, "blocked", ReasonCodes.ResponseBlocked), (outcome.ResponseBytes, outcome.Ended, outcome.Reason));
    }

    private static async Task WaitForCloseAsync(NetworkStream stream, TaskCompletionSource closed, CancellationToken cancellation)
    {
        try
        {
            if (await stream.ReadAsync(new byte[1], cancellation) == 0)
                closed.SetResult();
        }
        catch (IOException)
        {
            closed.SetResult();
        }
    }

    /// <summary>Says what became of a call only when its connection has ended.</summary>
    private sealed class LateForwarder(IHttpForwarder forwarder) : IHttpForwarder
    {
        public async ValueTask<ForwarderError> SendAsync(
            HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer)
        {
            var ended = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(ended.SetResult);
            var error = await forwarder.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer);
            await ended.Task.WaitAsync(Soon);
            return error;
        }
    }
}
