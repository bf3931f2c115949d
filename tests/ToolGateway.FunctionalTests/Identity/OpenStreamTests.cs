using System.Diagnostics;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Identity;

/// <summary>An open answer ends with its caller's credential or registration, within a second.</summary>
public sealed class OpenStreamTests
{
    [Fact]
    public async Task Stream_DisabledAgent_IsCutAndRecordedAsRevoked()
    {
        await using var gateway = await StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        using var client = gateway.Client(certificate);
        using var response = await OpenAsync(client);

        await gateway.WriteConfigurationAsync(configuration => configuration["Agents"]!["support"]!["Enabled"] = false);

        var cut = await CutAfterAsync(response);
        Assert.InRange(cut, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await RevokedAsync(gateway, response);
    }

    [Fact]
    public async Task Stream_ExpiredToken_IsCutAndRecordedAsRevoked()
    {
        await using var gateway = await StartAsync();
        var expires = TimeProvider.System.GetUtcNow().AddSeconds(3).ToUnixTimeSeconds();
        using var client = gateway.Client(token: gateway.Token(change: request => request with { Extra = new JsonObject { ["exp"] = expires } }));
        using var response = await OpenAsync(client);

        await CutAfterAsync(response);

        var late = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(expires);
        Assert.InRange(late, TimeSpan.FromMilliseconds(-50), TimeSpan.FromSeconds(1));
        await RevokedAsync(gateway, response);
    }

    private static Task<GatewayFixture> StartAsync() => GatewayFixture.StartAsync(gateway =>
    {
        // No obligation of the shipped policy reads this action's answer, so it streams.
        var actions = gateway.Configuration["Tools"]!["crm"]!["Actions"]!.AsObject();
        actions["events.read"] = new JsonObject { ["Method"] = "GET", ["Path"] = "/events", ["Risk"] = "low", ["Effect"] = "read" };
        var data = Path.Combine(gateway.PolicyDirectory, "toolgateway", "data.json");
        var grants = JsonNode.Parse(File.ReadAllText(data))!;
        grants["grants"]!["support"]!["crm"]!["events.read"] = new JsonObject();
        File.WriteAllText(data, grants.ToJsonString());
        gateway.Upstream.Respond = static async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        };
    });

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient client)
    {
        var response = await client.GetAsync(new Uri("/tools/crm/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return response;
    }

    private static async Task<TimeSpan> CutAfterAsync(HttpResponseMessage response)
    {
        var started = Stopwatch.GetTimestamp();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await using var body = await response.Content.ReadAsStreamAsync(timeout.Token);
        var buffer = new byte[256];
        try
        {
            while (await body.ReadAsync(buffer, timeout.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            return Stopwatch.GetElapsedTime(started);
        }

        Assert.Fail("the stream ended as if it were complete");
        return default;
    }

    private static async Task RevokedAsync(GatewayFixture gateway, HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("Tool-Decision-Id").Single();
        var outcome = await AuditRecords.FindAsync(gateway, id, "outcome");
        Assert.Equal("revoked", (string)outcome["ended"]!);
    }
}
