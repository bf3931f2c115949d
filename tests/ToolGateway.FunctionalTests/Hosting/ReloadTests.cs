using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ToolGateway.Hosting;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary>Changes while calls are on their way.</summary>
public sealed class ReloadTests
{
    private const int Calls = 10_000;
    private const int Reloads = 50;
    private const int Workers = 8;

    /// <summary>The other configuration's policy: what the shipped one denies, and nothing else.</summary>
    private const string OtherPolicy = """
        package toolgateway

        decision := {"allow": allow, "reasons": reasons}

        default allow := false

        allow if {
        	input.subject.type == "agent"
        	input.action.name == "customers.export"
        }

        reasons contains "other_policy" if not allow

        visible := set()
        """;

    [Fact]
    public async Task Reload_ThatTakesTheCertificateAway_LeavesItToTheListenerThatIsOpen()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        await gateway.WriteConfigurationAsync(configuration => configuration["Listen"] = new System.Text.Json.Nodes.JsonObject { ["Address"] = $"http://127.0.0.1:{gateway.Port}" });

        // Another address takes a restart; until then new connections are taken as before.
        using var client = gateway.Client(gateway.AgentCertificate("support"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/tools/crm/customers/42")).StatusCode);
        Assert.Equal(1, gateway.Services.GetRequiredService<ReloadStatus>().AcceptedCount);
    }

    [Fact]
    public async Task Reload_ThatNamesAnotherEngine_LeavesThePolicyToTheEngineThatDecides()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        await gateway.WriteConfigurationAsync(configuration => configuration["Decisions"] = new System.Text.Json.Nodes.JsonObject
        {
            ["Engine"] = "Opa",
            ["Opa"] = new System.Text.Json.Nodes.JsonObject { ["Address"] = "http://127.0.0.1:1" },
        });

        // Another engine takes a restart; until then calls are decided as before.
        using var client = gateway.Client(gateway.AgentCertificate("support"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/tools/crm/customers/42")).StatusCode);
        Assert.Equal(1, gateway.Services.GetRequiredService<ReloadStatus>().AcceptedCount);
    }

    /// <summary>
    /// Two configurations with a policy and an upstream each. The first allows reading and denies exporting, the second does the opposite, so an answer from the tool
    /// tells which policy allowed it and which upstream served it: they must belong to the same configuration.
    /// </summary>
    [Fact]
    public async Task TenThousandCalls_DuringFiftyReloads_AreAnsweredByOneConfigurationEach()
    {
        await using var other = RawUpstream.Start();
        await using var gateway = await GatewayFixture.StartAsync(static fixture =>
        {
            Directory.CreateDirectory(Path.Combine(fixture.Directory, "other"));
            File.WriteAllText(Path.Combine(fixture.Directory, "other", "policy.rego"), OtherPolicy);
            fixture.Configuration["Tools"]!["crm"]!["Actions"]!["customers.export"]!["Risk"] = "low";
            fixture.LiftRates();
        });
        gateway.Upstream.Respond = static (_, stream, cancellation) => stream.WriteAsync(RawUpstream.Answer("\"first\""), cancellation).AsTask();
        other.Respond = static (_, stream, cancellation) => stream.WriteAsync(RawUpstream.Answer("\"second\""), cancellation).AsTask();
        gateway.Services.GetServices<IHostedService>().OfType<SnapshotReloader>().Single().Interval = TimeSpan.FromMilliseconds(20);
        var status = gateway.Services.GetRequiredService<ReloadStatus>();

        var left = Calls;
        var reloading = true;
        var workers = Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            using var certificate = gateway.AgentCertificate("support");
            using var client = gateway.Client(certificate);
            var answers = new Dictionary<string, int>(StringComparer.Ordinal);
            while (Interlocked.Decrement(ref left) >= 0 || Volatile.Read(ref reloading))
            {
                var answer = await AnswerAsync(client, worker % 2 == 0 ? "/tools/crm/customers/42" : "/tools/crm/customers");
                answers[answer] = answers.GetValueOrDefault(answer) + 1;
            }

            return answers;
        })).ToArray();
        for (var i = 0; i < Reloads; i++)
        {
            var (upstream, policy) = i % 2 == 0 ? (other.Url, "other") : (gateway.Upstream.Url, "policies");
            await gateway.WriteConfigurationAsync(configuration =>
            {
                configuration["Tools"]!["crm"]!["Upstream"] = upstream;
                configuration["Decisions"]!["Embedded"]!["PolicyPath"] = policy;
            });
        }

        Volatile.Write(ref reloading, false);
        var counts = (await Task.WhenAll(workers)).SelectMany(static answers => answers)
            .GroupBy(static answer => answer.Key, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Sum(static answer => answer.Value), StringComparer.Ordinal);

        Assert.Equal((Reloads, 0), (status.AcceptedCount, status.RefusedCount));
        Assert.True(counts.Values.Sum() >= Calls);
        Assert.Equal(
            ["read: 200 \"first\"", "read: 403 other_policy", "export: 200 \"second\"", "export: 403 not_granted"],
            counts.Keys.OrderBy(static key => key.Split(' ')[0] == "export:").ThenBy(static key => key, StringComparer.Ordinal));
    }

    private static async Task<string> AnswerAsync(HttpClient client, string target)
    {
        using var response = await client.GetAsync(new Uri(target, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode == HttpStatusCode.Forbidden)
            body = body.Contains("other_policy", StringComparison.Ordinal) ? "other_policy" : body.Contains("not_granted", StringComparison.Ordinal) ? "not_granted" : body;
        return $"{(target.EndsWith("42", StringComparison.Ordinal) ? "read" : "export")}: {(int)response.StatusCode} {body}";
    }
}
