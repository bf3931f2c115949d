using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.Testing;
using Xunit.Abstractions;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary><c>toolgateway serve</c> as an operator's supervisor sees it: signals, exit codes, what it prints.</summary>
public sealed class ProcessTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Sigterm_WithACallInFlight_TurnsReadinessRedAndFinishesIt()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();
        var answer = new TaskCompletionSource();
        fixture.Upstream.Respond = async (_, stream, cancellation) =>
        {
            await answer.Task;
            await stream.WriteAsync(RawUpstream.Answer("\"late\""), cancellation);
        };
        var clock = Stopwatch.StartNew();
        using var gateway = await GatewayProcess.StartAsync(fixture);
        output.WriteLine($"ready after {clock.ElapsedMilliseconds} ms");
        using var certificate = fixture.AgentCertificate("support");
        using var agent = fixture.Client(certificate);
        var call = agent.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative));
        for (var deadline = Environment.TickCount64 + 20_000; fixture.Upstream.Requests.IsEmpty; await Task.Delay(10))
            Assert.True(Environment.TickCount64 < deadline, "the call did not arrive");

        var exit = gateway.TerminateAsync();
        await DrainingAsync(fixture);

        // Longer than System.CommandLine would leave a process after a signal.
        await Task.Delay(TimeSpan.FromSeconds(3));
        answer.SetResult();

        using var response = await call;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("\"late\"", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, await exit);
        var records = Directory.EnumerateFiles(fixture.AuditDirectory, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(static line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal("completed", records.Last(static record => record["type"]!.GetValue<string>() == "outcome")["ended"]!.GetValue<string>());
        Assert.Contains("stop", records.TakeLast(2).Select(static record => record["type"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Start_InvalidConfiguration_NamesEveryErrorAndExitsWith78()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();
        fixture.Configuration["Agents"]!["support"]!.AsObject().Remove("Owner");
        fixture.Configuration["Tools"]!["crm"]!["Upstream"] = "ftp://crm";
        fixture.Configuration["Decisions"]!["Engine"] = "Guess";
        fixture.Configuration["Misspelt"] = 1;
        fixture.WriteConfiguration();

        using var gateway = GatewayProcess.Launch(fixture);

        Assert.Equal(78, await gateway.ExitAsync(TimeSpan.FromSeconds(60)));
        foreach (var key in new[] { "Agents:support:Owner", "Tools:crm:Upstream", "Decisions:Engine", "Misspelt" })
            Assert.Contains(key, gateway.Output, StringComparison.Ordinal);
    }

    /// <summary>Red while the call is still open: an answer 503, or nobody answering any more would be too early.</summary>
    private static async Task DrainingAsync(GatewayFixture fixture)
    {
        using var probes = new HttpClient();
        for (var deadline = Environment.TickCount64 + 20_000; ; await Task.Delay(10))
        {
            using var ready = await probes.GetAsync(new Uri($"http://127.0.0.1:{fixture.ProbesPort}/readyz"));
            if (ready.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Contains("draining", await ready.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
                return;
            }

            Assert.True(Environment.TickCount64 < deadline, "readiness stays green");
        }
    }
}
