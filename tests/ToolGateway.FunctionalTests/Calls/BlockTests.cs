using System.Net;
using System.Text.Json;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;
using ToolGateway.Identity;

namespace ToolGateway.FunctionalTests.Calls;

public sealed class BlockTests
{
    private static readonly Uri Customer = new("/tools/crm/customers/1", UriKind.Relative);

    [Fact]
    public async Task Denied_ByPolicy_Is403WithItsReasons()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = static _ => new Decision { Allow = false, Engine = "embedded", Reasons = ["amount_over_limit", "no_task"] };
        using var client = host.Client();
        using var response = await client.GetAsync(Customer);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var (decision, outcome) = await host.Audit.PairAsync();
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var root = problem.RootElement;
        Assert.Equal("urn:toolgateway:problem:denied", root.GetProperty("type").GetString());
        Assert.Equal("Forbidden", root.GetProperty("title").GetString());
        Assert.Equal(403, root.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(root.GetProperty("detail").GetString()));
        Assert.Equal(decision.DecisionId, root.GetProperty("decision_id").GetString());
        Assert.Equal(["amount_over_limit", "no_task"], root.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!));
        Assert.Equal(decision.DecisionId, response.Headers.GetValues("Tool-Decision-Id").Single());
        Assert.Empty(host.Upstream.Requests);
        Assert.Equal((403, "blocked", "amount_over_limit"), (outcome.Status, outcome.Ended, outcome.Reason));

        // After a denial the same connection goes on working.
        host.Decide = static _ => PipelineHost.Allow();
        using var next = await client.GetAsync(Customer);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Denied_WithoutAnswer_Is503()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = static _ => Decision.Unavailable("opa", ReasonCodes.PolicyUnavailable);
        using var client = host.Client();
        using var response = await client.GetAsync(Customer);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(host.Upstream.Requests);
        Assert.Equal([ReasonCodes.PolicyUnavailable], (await host.Audit.PairAsync()).Decision.Decision.Reasons);
    }

    [Theory]
    [InlineData("/tools/crm/customers/1")]
    [InlineData("/tools/crm/nothing")]
    public async Task NotRecordable_IsNotForwarded(string path)
    {
        await using var host = await PipelineHost.StartAsync();
        host.Audit.IsAvailable = false;
        using var client = host.Client();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(ReasonCodes.AuditUnavailable, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(host.Upstream.Requests);
        Assert.Empty(host.Audit.Outcomes);
    }

    [Fact]
    public async Task StageThatThrows_BlocksAndLeavesAPair()
    {
        await using var host = await PipelineHost.StartAsync();
        host.Decide = static _ => throw new InvalidOperationException("a bug");
        using var client = host.Client();
        using var response = await client.GetAsync(Customer);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("a bug", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(host.Upstream.Requests);
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.Equal([ReasonCodes.InternalError], decision.Decision.Reasons);
        Assert.Equal(500, outcome.Status);
    }

    [Theory]
    [InlineData("low", false, "Written")]
    [InlineData("high", false, "Synced")]
    [InlineData("low", true, "Synced")]
    public async Task Recorded_AtTheDurabilityThatRiskOrPolicyAskFor(string risk, bool synced, string expected)
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Tools["crm"].Actions["customers.read"].Risk = risk);
        host.Decide = _ => PipelineHost.Allow(new Obligations { AuditSynced = synced });
        using var client = host.Client();
        using var response = await client.GetAsync(Customer);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, Assert.Single(host.Audit.Decisions).Durability.ToString());
    }

    [Theory]
    [InlineData("Agent-Task: T-2\r\n", 400)]
    [InlineData("Agent-Purpose: other\r\n", 200)]
    [InlineData("Agent-Task: T-1\r\n", 200)]
    public async Task Intent_FromTheCredential_BeatsHeaders(string headers, int status)
    {
        await using var host = await PipelineHost.StartAsync();
        host.VerifiedIntent = new VerifiedIntent("T-1", null);
        var answer = await host.SendAsync("GET /tools/crm/customers/1", headers);
        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Split(' ')[1]);
        var (decision, _) = await host.Audit.PairAsync();
        if (status == 200)
            Assert.Equal(new ToolGateway.ToolCalls.Intent("T-1", null, true), decision.Call!.Intent);
        else
            Assert.Equal([ReasonCodes.IntentConflict], decision.Decision.Reasons);
    }
}
