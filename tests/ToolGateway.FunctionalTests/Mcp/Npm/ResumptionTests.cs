using Microsoft.Extensions.DependencyInjection;
using ToolGateway.Enforcement.Forwarding;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>The reference server works on when the client is gone, and the client gets the result on another stream.</summary>
public sealed class ResumptionTests
{
    private const string Endpoint = "/tools/everything";
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private const string Call = """
        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"trigger-long-running-operation","arguments":{"duration":1,"steps":2},"_meta":{"progressToken":1}}}
        """;

    [NpmFact]
    public async Task LongCall_ClientLeavesInTheMiddle_GetsTheResultWithLastEventId()
    {
        await using var server = await NodeServer.StartEverythingAsync();
        await using var gateway = await EverythingGateway.StartAsync(server);
        var open = gateway.Services.GetRequiredService<OpenCalls>();
        using var first = gateway.Client(gateway.AgentCertificate("support"));
        using var initialized = await first.SendAsync(Post(Initialize, null));
        var session = initialized.Headers.GetValues("Mcp-Session-Id").Single();
        string lastEvent;
        using (var call = await first.SendAsync(Post(Call, session), HttpCompletionOption.ResponseHeadersRead))
            lastEvent = (await ReadUntilAsync(call, "id: "))["id: ".Length..];
        await UntilAsync(() => open.Draining(null).Count == 1);
        await UntilAsync(() => open.Draining(null).Count == 0);

        using var second = gateway.Client(gateway.AgentCertificate("support"));
        using var resume = new HttpRequestMessage(HttpMethod.Get, Endpoint);
        resume.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        resume.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        resume.Headers.Add("Mcp-Session-Id", session);
        resume.Headers.Add("Last-Event-ID", lastEvent);
        using var rest = await second.SendAsync(resume, HttpCompletionOption.ResponseHeadersRead);

        Assert.Contains("Long running operation completed", await ReadUntilAsync(rest, "data: {\"result\""), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Post(string body, string? session)
    {
        var request = McpFixture.Legacy(body, session);
        request.RequestUri = new Uri(Endpoint, UriKind.Relative);
        return request;
    }

    private static async Task<string> ReadUntilAsync(HttpResponseMessage response, string start)
    {
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"the stream ended before a line that begins with {start}");
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!isSo())
        {
            Assert.True(Environment.TickCount64 < deadline, "it did not happen in time");
            await Task.Delay(10);
        }
    }
}
