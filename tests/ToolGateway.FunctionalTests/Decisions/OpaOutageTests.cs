using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Identity;
using ToolGateway.Testing;
using ToolGateway.Tests.Decisions.Opa;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>The whole gateway under load while its sidecar hangs, dies and comes back: whatever happens, nothing is forwarded without a recorded allow.</summary>
public sealed class OpaOutageTests
{
    [Fact]
    public async Task Calls_WhileOpaHangsDiesAndReturns_AreForwardedOnlyWhenAllowedAndRecorded()
    {
        using var opa = FakeOpa.Start();
        await using var gateway = await GatewayFixture.StartAsync(fixture =>
        {
            fixture.LiftRates();
            fixture.Configuration["Decisions"] = new JsonObject
            {
                ["Engine"] = "Opa",
                ["Opa"] = new JsonObject { ["Address"] = opa.Address, ["Timeout"] = "00:00:00.300", ["CircuitBreak"] = "00:00:00.500", ["CircuitWindow"] = "00:00:01" },
            };
        });
        var answers = new ConcurrentDictionary<string, HttpStatusCode>(StringComparer.Ordinal);
        await LoadUntilAsync(gateway, answers, HttpStatusCode.OK);

        opa.Answer = _ => null;
        await LoadUntilAsync(gateway, answers, HttpStatusCode.ServiceUnavailable);
        opa.Answer = _ => FakeOpa.Allow;
        await LoadUntilAsync(gateway, answers, HttpStatusCode.OK);

        opa.Kill();
        await LoadUntilAsync(gateway, answers, HttpStatusCode.ServiceUnavailable);
        opa.Restart();
        await LoadUntilAsync(gateway, answers, HttpStatusCode.OK);

        await gateway.StopAsync();
        var allowed = RecordsOf(gateway, "decision").Where(record => (bool)record["allow"]!).Select(record => (string)record["trace_id"]!).ToList();
        var forwarded = gateway.Upstream.Requests.Select(request => request.Header("traceparent")!.Split('-')[1]).ToList();
        Assert.Equal(forwarded.Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
        Assert.Equal(allowed.Order(StringComparer.Ordinal), answers.Where(answer => answer.Value == HttpStatusCode.OK).Select(answer => answer.Key).Order(StringComparer.Ordinal));
        Assert.All(answers.Values, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, status.ToString()));
        Assert.Equal(answers.Count, RecordsOf(gateway, "decision").Count());
        Assert.Equal(answers.Count, RecordsOf(gateway, "outcome").Count());
    }

    /// <summary>Six clients that call all the time, until each has got this answer several times in a row.</summary>
    private static Task LoadUntilAsync(GatewayFixture gateway, ConcurrentDictionary<string, HttpStatusCode> answers, HttpStatusCode wanted) =>
        Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var certificate = gateway.AgentCertificate("support");
            using var client = gateway.Client(certificate);
            var deadline = Environment.TickCount64 + 20_000;
            for (var inARow = 0; inARow < 4;)
            {
                Assert.True(Environment.TickCount64 < deadline, $"the answer never was {wanted}");
                var trace = Guid.NewGuid().ToString("N");
                using var request = new HttpRequestMessage(HttpMethod.Get, "/tools/crm/customers/42");
                request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-00");
                using var response = await client.SendAsync(request);
                answers[trace] = response.StatusCode;
                inARow = response.StatusCode == wanted ? inARow + 1 : 0;
            }
        }));

    private static IEnumerable<JsonNode> RecordsOf(GatewayFixture gateway, string type) => AuditRecords.Text(gateway)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Where(record => (string?)record["type"] == type);
}
