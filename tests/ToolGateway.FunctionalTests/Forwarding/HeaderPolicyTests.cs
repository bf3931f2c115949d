using System.Globalization;
using ToolGateway.FunctionalTests.Calls;
using ToolGateway.Testing;
using ToolGateway.ToolCalls;

namespace ToolGateway.FunctionalTests.Forwarding;

public sealed class HeaderPolicyTests
{
    [Fact]
    public async Task Request_AnyHeaders_OnlyListedOnesReachTheTool()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].ForwardHeaders.Add("X-Case-Number"));
        const string dropped =
            "Cookie: a=b\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil\r\nForwarded: for=1\r\nX-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\n"
            + "X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE\r\nDPoP: x\r\nTxn-Token: x\r\nClient-Cert: x\r\nX-Api-Key: k\r\nbaggage: a=b\r\n"
            + "Proxy-Authorization: Basic x\r\nTE: trailers\r\nKeep-Alive: 5\r\nVia: 1.1 x\r\nX-Other: 1\r\nAccept-Encoding: gzip\r\nRange: bytes=0-1\r\n"
            + "Agent-Task: T-1\r\nAgent-Purpose: p\r\nOrigin: http://x\r\nReferer: http://x\r\nTool-Decision-Id: forged\r\nMcp-Name: x\r\nX-Content-Length: 4\r\n";
        const string kept =
            "Accept: application/json\r\nAccept-Language: en\r\nUser-Agent: agent/1 (\u00fc)\r\nIf-None-Match: \"1\", \"2\"\r\nIf-Modified-Since: Sun, 22 Nov 2026 08:00:00 GMT\r\n"
            + "Idempotency-Key: k-1\r\nX-Case-Number: 7\r\n";
        var answer = await host.SendAsync("GET /tools/crm/customers/1", dropped + kept.Replace("\u00fc", "\u00c3\u00bc", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        var request = Assert.Single(host.Upstream.Requests);
        var names = request.Headers.Select(header => header.Split(':')[0]).Order(StringComparer.Ordinal);
        string[] expected = ["Accept", "Accept-Language", "Host", "Idempotency-Key", "If-Modified-Since", "If-None-Match", "User-Agent", "X-Case-Number"];
        Assert.Equal(expected, names);
        Assert.Equal("agent/1 (\u00c3\u00bc)", request.Header("User-Agent"));
        Assert.Equal("\"1\", \"2\"", request.Header("If-None-Match"));
        var (decision, _) = await host.Audit.PairAsync();
        Assert.Equal("{\"x-case-number\":\"7\"}", ToolGateway.Rego.Values.RegoJson.Serialize(decision.Call!.HeaderArguments!));
        Assert.Equal(new Intent("T-1", "p", false), decision.Call.Intent);
    }

    [Fact]
    public async Task Request_TraceParent_GoesOn()
    {
        await using var host = await PipelineHost.StartAsync();
        await host.SendAsync("GET /tools/crm/customers/1", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\ntracestate: a=1\r\n");
        var request = Assert.Single(host.Upstream.Requests);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", request.Header("traceparent"), StringComparison.Ordinal);
        Assert.Equal("a=1", request.Header("tracestate"));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await host.Audit.PairAsync()).Decision.TraceId);
    }

    [Fact]
    public async Task Request_ToolCredential_ReplacesTheCallers()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "s3cret\n");
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].Credential = new ToolCredentialOptions { ValueFile = file });
        await host.SendAsync("GET /tools/crm/customers/1");
        File.Delete(file);
        Assert.Equal("Bearer s3cret", Assert.Single(host.Upstream.Requests).Header("Authorization"));
        Assert.Equal(Path.GetFileName(file), (await host.Audit.PairAsync()).Decision.Call!.Tool.Credential!.ToString());
    }

    [Fact]
    public async Task Response_AnyHeaders_OnlyListedOnesReachTheCaller()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Upstream.Respond = static (_, stream, cancellation) => stream.WriteAsync(
            RawUpstream.Answer("{}", 201, "Server: Apache/1.3", "X-Powered-By: PHP", "Set-Cookie: a=b", "WWW-Authenticate: Basic", "ETag: \"7\"", "Cache-Control: no-cache", "Vary: a", "Vary: b", "X-Internal-Host: db7", "Tool-Decision-Id: forged", "Alt-Svc: h3=\":1\""), cancellation).AsTask();
        var answer = await host.SendAsync("GET /tools/crm/customers/1");
        Assert.StartsWith("HTTP/1.1 201 Created\r\n", answer, StringComparison.Ordinal);
        var names = answer.Split("\r\n\r\n")[0].Split("\r\n").Skip(1).Select(header => header.Split(':')[0]).Order(StringComparer.Ordinal);
        string[] expected = ["Cache-Control", "Connection", "Content-Length", "Content-Type", "Date", "ETag", "Tool-Decision-Id", "Vary", "Vary"];
        Assert.Equal(expected, names);
        Assert.DoesNotContain("forged", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/base/customers/7?x=1#f", "https://gateway.acme.test/tools/crm/customers/7?x=1#f")]
    [InlineData("http://127.0.0.1:{port}/base/customers/7", "https://gateway.acme.test/tools/crm/customers/7")]
    [InlineData("7", "https://gateway.acme.test/tools/crm/customers/7")]
    [InlineData("/base", "https://gateway.acme.test/tools/crm")]
    [InlineData("/admin", null)]
    [InlineData("/basement/x", null)]
    [InlineData("http://127.0.0.1:1/base/x", null)]
    [InlineData("https://127.0.0.1:{port}/base/x", null)]
    [InlineData("//127.0.0.1:{port}/base/x", "https://gateway.acme.test/tools/crm/x")]
    [InlineData("ftp://127.0.0.1/x", null)]
    [InlineData("https://docs.example/x?y", "https://docs.example/x?y")]
    [InlineData("javascript:alert(1)", null)]
    public async Task Response_Location_LeadsToTheGatewayOrIsRemoved(string location, string? expected)
    {
        await using var host = await PipelineHost.StartAsync((options, upstream) => options.Tools["crm"].Upstream = upstream.Url + "base/");
        var sent = location.Replace("{port}", host.Upstream.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        host.Upstream.Respond = (_, stream, cancellation) =>
            stream.WriteAsync(RawUpstream.Answer("", 302, $"Location: {sent}", $"Content-Location: {sent}"), cancellation).AsTask();
        using var client = host.Client();
        using var response = await client.GetAsync(new Uri("/tools/crm/customers/1?limit=2", UriKind.Relative));
        Assert.Equal(302, (int)response.StatusCode);
        Assert.Equal(expected, response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.ToString() : null);
        Assert.Equal(expected is null, !response.Content.Headers.NonValidated.Contains("Content-Location"));
    }
}
