using System.CommandLine;
using System.Net;
using System.Text.Json;
using ToolGateway.Audit.Verification;
using ToolGateway.Audit.Writing;
using ToolGateway.Host.Audit;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Audit;

/// <summary>What the whole gateway leaves in its log.</summary>
public sealed class WholeGatewayTests
{
    [Fact]
    public async Task Log_OfEveryKindOfCall_HoldsPairsAndNoSecret()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var token = fixture.Token();
        using var certificate = fixture.AgentCertificate("support");
        using (var client = fixture.Client(certificate, token))
        {
            client.DefaultRequestHeaders.Add("Cookie", "session=cookie-secret");
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/tools/crm/customers/argument-secret?fields=query-secret")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/tools/crm/customers")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/tools/crm/nothing/path-secret")).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/tools/crm/refunds", new StringContent("{\"card\":\"body-secret\",", null, "application/json"))).StatusCode);
        }

        using (var stranger = fixture.Client(token: "not-a-token-secret"))
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/tools/crm/customers/1")).StatusCode);
        await fixture.StopAsync();
        var log = string.Concat(Directory.GetFiles(fixture.AuditDirectory).Select(File.ReadAllText));
        foreach (var secret in new[] { token, token.Split('.')[2], "cookie-secret", "argument-secret", "query-secret", "path-secret", "body-secret", "not-a-token-secret", "the-tools-own-secret", "PRIVATE KEY" })
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
        var decisions = Records(fixture, "decision").ToList();
        Assert.Equal(5, decisions.Count);
        Assert.Equal(decisions.Select(Id).Order(StringComparer.Ordinal), Records(fixture, "outcome").Select(Id).Order(StringComparer.Ordinal));
        Assert.Empty(Verify(fixture).Faults);
        Assert.Equal("stop", Records(fixture, "stop").Single().GetProperty("type").GetString());
    }

    [Fact]
    public async Task Stats_WithTheConfiguration_ShowsReachThatIsNotUsed()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        using (var client = fixture.Client(token: fixture.Token()))
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/tools/crm/customers/1")).StatusCode);
        await fixture.StopAsync();
        var output = new StringWriter();
        var code = AuditCommands.Create().Parse(["stats", fixture.AuditDirectory, "--config", Path.Combine(fixture.Directory, "appsettings.json"), "--format", "json"])
            .Invoke(new InvocationConfiguration { Output = output, Error = output });
        Assert.True(code == 0, output.ToString());
        using var json = JsonDocument.Parse(output.ToString());
        var access = json.RootElement.GetProperty("access").EnumerateArray()
            .Select(row => (row.GetProperty("agent").GetString(), row.GetProperty("action").GetString(), row.GetProperty("may_attempt").GetBoolean(), row.GetProperty("calls").GetInt32())).ToList();
        Assert.Equal(
            [
                ("reporting", "customers.export", true, 0), ("reporting", "customers.read", true, 0),
                ("support", "customers.read", true, 1), ("support", "refunds.create", true, 0),
            ],
            access);
    }

    [Fact]
    public async Task Serve_WhenTheLogCannotGrow_BlocksCallsAndRecoversByItself()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();
        using var gateway = GatewayProcess.LaunchLimitable(fixture);
        await gateway.ReadyAsync(fixture);
        await gateway.LimitFilesAsync("30000");
        using var client = fixture.Client(token: fixture.Token());
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 500 && !statuses.Contains(HttpStatusCode.ServiceUnavailable); i++)
            statuses.Add((await client.GetAsync($"/tools/crm/customers/{i}")).StatusCode);
        Assert.Contains(HttpStatusCode.ServiceUnavailable, statuses);
        Assert.All(statuses.SkipLast(1), status => Assert.Equal(HttpStatusCode.OK, status));

        // From here on not even a small record fits.
        await gateway.LimitFilesAsync("1000");
        var before = fixture.Upstream.Requests.Count;
        using (var blocked = await client.GetAsync("/tools/crm/customers/blocked"))
            Assert.Contains("audit_unavailable", await blocked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, fixture.Upstream.Requests.Count);
        using var probes = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{fixture.ProbesPort}") };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await probes.GetAsync("/readyz")).StatusCode);

        await gateway.LimitFilesAsync("unlimited");
        await gateway.ReadyAsync(fixture);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/tools/crm/customers/after")).StatusCode);
        Assert.Equal(0, await gateway.TerminateAsync());
        Assert.Empty(Verify(fixture).Faults);
        Assert.Equal(Records(fixture, "decision").Select(Id).Order(StringComparer.Ordinal), Records(fixture, "outcome").Select(Id).Order(StringComparer.Ordinal));
        Assert.Contains(Records(fixture, "suppressed"), record => record.GetRawText().Contains("audit_unavailable", StringComparison.Ordinal));
    }

    internal static VerifyReport Verify(GatewayFixture fixture) => Verify(fixture.AuditDirectory);

    internal static VerifyReport Verify(string directory) =>
        new AuditVerifier(VerifyInputs.Keys(directory, null), VerifyInputs.Anchors(directory, null)).Verify(directory, keysFromLog: true);

    internal static string Id(JsonElement record) => record.GetProperty("decision_id").GetString()!;

    internal static IEnumerable<JsonElement> Records(GatewayFixture fixture, string type) =>
        SegmentNames.Segments(fixture.AuditDirectory).SelectMany(File.ReadLines).Where(line => line.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement);
}
