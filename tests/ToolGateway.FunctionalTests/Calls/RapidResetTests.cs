using System.Net;
using System.Net.Security;
using System.Text.Json;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Calls;

/// <summary>Streams of HTTP/2 that are opened and reset at once, so that none counts as open.</summary>
public sealed class RapidResetTests
{
    private const int Streams = 500;

    [Fact]
    public async Task Streams_ResetAtOnce_EndTheConnection_LeavePairs_AndOthersAreAnswered()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var certificate = gateway.AgentCertificate("support");
        using var other = gateway.Client(certificate);
        var attacks = Enumerable.Range(0, 4).Select(_ => AttackAsync(gateway)).ToArray();
        do
        {
            using var response = await other.GetAsync(new Uri("/tools/crm/customers/honest", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        while (!Task.WhenAll(attacks).IsCompleted);

        // The server has had enough before the attacker is done.
        Assert.All(await Task.WhenAll(attacks), static ended => Assert.True(ended));

        // Two thousand streams want to be ended first.
        await gateway.StopAsync(TimeSpan.FromSeconds(20));
        var records = Directory.EnumerateFiles(gateway.AuditDirectory, "*.jsonl").SelectMany(File.ReadLines).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Ids(records, "decision"), Ids(records, "outcome"));
        var allowed = records.Count(static record => record.GetProperty("type").GetString() == "decision" && record.GetProperty("allow").GetBoolean());
        Assert.InRange(gateway.Upstream.Requests.Count, 1, allowed);
    }

    /// <summary>Whether the gateway ended the connection.</summary>
    private static async Task<bool> AttackAsync(GatewayFixture gateway)
    {
        using var certificate = gateway.AgentCertificate("support");
        await using var tls = await gateway.ConnectAsync(certificate, protocol: SslApplicationProtocol.Http2);
        var fields = Http2Frames.Fields(":method=GET|:scheme=https|:authority=localhost|:path=/tools/crm/customers/reset|");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await tls.WriteAsync(Http2Frames.Preface, patience.Token);

            // At once, for a server that keeps up has no reason to end the connection.
            await tls.WriteAsync(
                Enumerable.Range(0, Streams).SelectMany(i => (byte[])[
                    .. Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndStream | Http2Frames.EndHeaders, (2 * i) + 1, fields),
                    .. Http2Frames.Frame(Http2Frames.ResetStream, 0, (2 * i) + 1, [0, 0, 0, 8]),
                ]).ToArray(),
                patience.Token);
            await tls.CopyToAsync(Stream.Null, patience.Token);
            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Ids(IEnumerable<JsonElement> records, string type) => records
        .Where(record => record.GetProperty("type").GetString() == type).Select(static record => record.GetProperty("decision_id").GetString()!).Order(StringComparer.Ordinal);
}
