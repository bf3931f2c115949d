using System.Globalization;
using System.Text;
using ToolGateway.FunctionalTests.Identity;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>What does not get through the TLS handshake is no call: it is counted, and leaves no record.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData("GET /tools/crm/customers/42 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005hello")]
    public async Task Handshake_ThatFails_IsCountedAndNotRecorded(string bytes)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        await using (var plain = await gateway.ConnectTcpAsync())
        {
            await plain.WriteAsync(Encoding.Latin1.GetBytes(bytes));
            await Attacker.ReadToEndAsync(plain);
        }

        using var client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{gateway.ProbesPort}")) };
        for (var deadline = Environment.TickCount64 + 10_000; !await IsCountedAsync(client); await Task.Delay(20))
            Assert.True(Environment.TickCount64 < deadline, "the failed handshake was not counted");
        await gateway.StopAsync();
        Assert.DoesNotContain("\"decision\"", AuditRecords.Text(gateway), StringComparison.Ordinal);
    }

    private static async Task<bool> IsCountedAsync(HttpClient client) =>
        (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n').Any(line =>
            line.StartsWith("kestrel_tls_handshake_duration_seconds_count", StringComparison.Ordinal) && line.Contains("error_type=", StringComparison.Ordinal));
}
