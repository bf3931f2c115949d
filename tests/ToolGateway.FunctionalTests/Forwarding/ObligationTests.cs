using System.Net;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;
using ToolGateway.FunctionalTests.Calls;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Forwarding;

public sealed class ObligationTests
{
    private static readonly Uri Customer = new("/tools/crm/customers/1", UriKind.Relative);

    [Fact]
    public async Task Redact_Json_ReplacesExactlyThePlaces()
    {
        await using var host = await StartAsync("/ssn", "/cards/*/number");
        host.Upstream.Respond = Answering("{ \"ssn\" : \"1-2\",\"n\": 1.50, \"cards\":[{\"number\":[1,2]},{\"x\":1}] }", "ETag: \"7\"", "Content-Digest: x", "Digest: y");
        using var client = host.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Range", "bytes=0-5");
        using var response = await client.GetAsync(Customer);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal("{ \"ssn\" : \"[redacted]\",\"n\": 1.50, \"cards\":[{\"number\":\"[redacted]\"},{\"x\":1}] }", body);
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Null(response.Headers.ETag);
        Assert.False(response.Headers.Contains("Digest") || response.Content.Headers.Contains("Content-Digest") || response.Headers.Contains("Content-Digest"));
        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal("identity", request.Header("Accept-Encoding"));
        Assert.Null(request.Header("Range"));
        Assert.Equal(body.Length, (await host.Audit.PairAsync()).Outcome.ResponseBytes);
    }

    [Theory]
    [InlineData("{\"ssn\":1}", 200, "Content-Encoding: gzip")]
    [InlineData("{\"ssn\":1}", 200, "Content-Type: text/html")]
    [InlineData("{\"ssn\":1}", 200, "Content-Type: application/json; charset=utf-16")]
    [InlineData("{\"ssn\":1}", 206, "Content-Range: bytes 0-8/90")]
    [InlineData("{\"ssn\":1}", 200, "Content-Range: bytes 0-8/90")]
    [InlineData("{\"ssn\":1,\"ssn\":2}", 200, "X: 1")]
    [InlineData("{\"a\":[{\"b\":1,\"\\u0062\":2}]}", 200, "X: 1")]
    [InlineData("{\"ssn\":1}{\"ssn\":2}", 200, "X: 1")]
    [InlineData("{\"ssn\":1", 200, "X: 1")]
    [InlineData("<html>1-2</html>", 500, "Content-Type: text/html")]
    public async Task Redact_WhatCannotBeRedacted_IsBlocked(string body, int status, string header)
    {
        await using var host = await StartAsync("/ssn");
        host.Upstream.Respond = (_, stream, cancellation) => stream.WriteAsync(RawUpstream.Answer(body, status, header), cancellation).AsTask();
        await AssertBlockedAsync(host, status);
    }

    [Fact]
    public async Task Redact_TooLongAnswer_IsBlocked()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Limits.MaxInspectedResponseBytes = 1000);
        host.Decide = static _ => PipelineHost.Allow(new Obligations { RedactResponse = ["/ssn"] });
        host.Upstream.Respond = Answering($"\"{new string('x', 2000)}\"");
        await AssertBlockedAsync(host, 200);
        host.Upstream.Respond = static (_, stream, cancellation) => stream.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7D2\r\n\"{new string('x', 2000)}\"\r\n0\r\n\r\n"), cancellation).AsTask();
        using var client = host.Client();
        using var chunked = await client.GetAsync(Customer);
        Assert.Equal(HttpStatusCode.BadGateway, chunked.StatusCode);
    }

    [Fact]
    public async Task Redact_AnswerWithoutContent_Passes()
    {
        await using var host = await StartAsync("/ssn");
        host.Upstream.Respond = static (_, stream, cancellation) => stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), cancellation).AsTask();
        using var client = host.Client();
        using var response = await client.GetAsync(Customer);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task LimitResponseBytes_KnownLength_IsBlocked()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = static _ => PipelineHost.Allow(new Obligations { LimitResponseBytes = 10 });
        host.Upstream.Respond = Answering("{\"a\":\"0123456789\"}");
        await AssertBlockedAsync(host, 200);
    }

    [Fact]
    public async Task LimitResponseBytes_Stream_IsCutAtTheLimit()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = static _ => PipelineHost.Allow(new Obligations { LimitResponseBytes = 10 });
        host.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n"u8.ToArray(), cancellation);
            await Task.Delay(100, cancellation);
            await stream.WriteAsync("8\r\n12345678\r\n0\r\n\r\n"u8.ToArray(), cancellation);
        };
        using var client = host.Client();
        using var response = await client.GetAsync(Customer, HttpCompletionOption.ResponseHeadersRead);
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await response.Content.ReadAsByteArrayAsync());
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal(("blocked", ReasonCodes.ResponseBlocked, 8), (outcome.Ended, outcome.Reason, outcome.ResponseBytes));
    }

    [Fact]
    public async Task LimitResponseBytes_WithinTheLimit_Passes()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = static _ => PipelineHost.Allow(new Obligations { LimitResponseBytes = 11 });
        using var client = host.Client();
        Assert.Equal("{\"ok\":true}", await client.GetStringAsync(Customer));
    }

    private static Task<PipelineHost> StartAsync(params string[] pointers) => StartAsync(new Obligations { RedactResponse = pointers });

    private static async Task<PipelineHost> StartAsync(Obligations obligations)
    {
        var host = await PipelineHost.StartAsync();
        host.Decide = _ => PipelineHost.Allow(obligations);
        return host;
    }

    private static Func<RawRequest, System.Net.Sockets.NetworkStream, CancellationToken, Task> Answering(string body, params string[] headers) =>
        (_, stream, cancellation) => stream.WriteAsync(RawUpstream.Answer(body, 200, headers), cancellation).AsTask();

    private static async Task AssertBlockedAsync(PipelineHost host, int upstreamStatus)
    {
        using var client = host.Client();
        using var response = await client.GetAsync(Customer);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains(ReasonCodes.ResponseBlocked, body, StringComparison.Ordinal);
        Assert.DoesNotContain("1-2", body, StringComparison.Ordinal);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.True(decision.Decision.Allow);
        Assert.Equal((502, upstreamStatus, "blocked", ReasonCodes.ResponseBlocked), (outcome.Status, outcome.UpstreamStatus, outcome.Ended, outcome.Reason));
    }
}
