using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Audit;

/// <summary>A disk whose writes do not return, under the whole gateway.</summary>
public sealed class HungDiskTests
{
    private static readonly Uri Customer = new("/tools/crm/customers/42", UriKind.Relative);

    [Fact]
    public async Task Calls_WhenTheDiskBeginsToHang_AreEachBlockedInTimeAndServedAgainAfterwards()
    {
        var storage = new FaultyStorage();
        await using var fixture = await GatewayFixture.StartAsync(gateway =>
        {
            gateway.AuditStorage = storage;
            gateway.Configuration["Audit"] = JsonNode.Parse("""{ "Path": "audit", "Timeout": "00:00:00.300" }""");
        });
        using var certificate = fixture.AgentCertificate("support");
        using var client = fixture.Client(certificate);
        await ServedAsync(client, 20);

        // Outcomes gather for some milliseconds; with none left, the record of the first call is in the write that hangs.
        await Task.Delay(100);
        var seen = fixture.Upstream.Requests.Count;
        storage.Answers.Reset();
        try
        {
            for (var i = 0; i < 3; i++)
                await BlockedAsync(client);
            Assert.Equal(seen, fixture.Upstream.Requests.Count);
        }
        finally
        {
            storage.Answers.Set();
        }

        await AgainAsync(client);
        await ServedAsync(client, 5);
        await fixture.StopAsync();

        // What was told "no" either stands nowhere, or has the outcome that says so.
        var records = WholeGatewayTests.Records(fixture, "decision").Select(WholeGatewayTests.Id).Order(StringComparer.Ordinal);
        Assert.Equal(records, WholeGatewayTests.Records(fixture, "outcome").Select(WholeGatewayTests.Id).Order(StringComparer.Ordinal));
        Assert.Contains(WholeGatewayTests.Records(fixture, "outcome"), static outcome => outcome.GetProperty("status").GetInt32() == 503);
        Assert.Empty(WholeGatewayTests.Verify(fixture).Faults);
    }

    private static async Task BlockedAsync(HttpClient client)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await client.GetAsync(Customer).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("audit_unavailable", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    private static async Task ServedAsync(HttpClient client, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            using var response = await client.GetAsync(Customer);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task AgainAsync(HttpClient client)
    {
        for (var deadline = Environment.TickCount64 + 10_000; Environment.TickCount64 < deadline; await Task.Delay(20))
        {
            using var response = await client.GetAsync(Customer);
            if (response.StatusCode == HttpStatusCode.OK)
                return;
        }

        Assert.Fail("calls are still blocked 10 s after the disk answered");
    }
}
