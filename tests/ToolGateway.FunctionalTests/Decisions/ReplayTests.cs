using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.Host;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>A log of real calls, decided again by the policies that a platform team would try.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync();
        using var certificate = _gateway.AgentCertificate("support");
        var token = _gateway.Token(change: static request => request with { Extra = new JsonObject { ["task"] = "T-1", ["purpose"] = "refund-order" } });
        using var agent = _gateway.Client(certificate);
        using var both = _gateway.Client(certificate, token);
        using var reporting = _gateway.Client(token: _gateway.Token("reporting"));
        using var nobody = _gateway.Client();
        Assert.Equal(HttpStatusCode.OK, await GetAsync(agent, "/tools/crm/customers/42"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(agent, "/tools/crm/customers/43"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(reporting, "/tools/crm/customers/42"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(reporting, "/tools/crm/customers/42"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(agent, "/tools/crm/customers"));
        Assert.Equal(HttpStatusCode.OK, await RefundAsync(both, 40));
        Assert.Equal(HttpStatusCode.Forbidden, await RefundAsync(both, 500));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(agent, "/tools/crm/nothing"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(nobody, "/tools/crm/customers"));
        await _gateway.StopAsync();
    }

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public void Replay_ThePolicyThatDecided_ChangesNothing()
    {
        var (code, report) = Run(_gateway.PolicyDirectory);

        // What a denied refund would have moved is not recorded, and the shipped policy looks at it.
        Assert.Equal((0, 6, 0, 1, 2), (code, (int)report["same"]!, (int)report["changed"]!, (int)report["not_replayed"]!, (int)report["not_decided"]!));
        Assert.Equal(
            [
                "1 true input.context.arguments.body is not recorded: support crm refunds.create",
                "1 false refused before the policy was asked: action_unknown: support crm ",
                "1 false refused before the policy was asked: credential_missing: (unidentified) crm ",
            ],
            report["left_out"]!.AsArray().Select(static item => $"{item!["count"]} {item["is_decided"]} {item["why"]}: {item["caller"]} {item["tool"]} {item["action"]}"));
        Assert.Contains("input.context.arguments", report["reads"]!.AsArray().Select(static path => (string)path!));
    }

    [Fact]
    public void Replay_StricterLimit_ShowsTheRecordedRefundThatItWouldDeny()
    {
        var (code, report) = Run(Changed("\"max\": 100", "\"max\": 10"));

        Assert.Equal(1, code);
        Assert.Equal(["1 newly_denied support crm refunds.create: allow() -> deny(argument_over_limit)"], report["changes"]!.AsArray().Select(Line));
    }

    [Fact]
    public void Replay_GrantTakenAway_CountsTheCallsOfItsAgent()
    {
        var (code, report) = Run(Changed("\"reporting\": {", "\"nobody\": {"));

        Assert.Equal(1, code);
        Assert.Equal(["2 newly_denied reporting crm customers.read: allow() -> deny(not_granted)"], report["changes"]!.AsArray().Select(Line));
        Assert.Equal((0, 4), (Run(Changed("\"reporting\": {", "\"nobody\": {"), "--agent", "support") is var (exit, ofSupport) ? exit : -1, (int)ofSupport["same"]!));
    }

    [Fact]
    public void Replay_PolicyThatAsksTheTime_IsAskedAboutTheTimeOfTheCall()
    {
        var last = (string)Run(_gateway.PolicyDirectory).Report["to"]!;
        var policy = Write($$"""
            package toolgateway

            default allow := false

            allow if time.now_ns() <= time.parse_rfc3339_ns("{{DateTimeOffset.Parse(last, CultureInfo.InvariantCulture).UtcDateTime:O}}")

            reasons contains "too_late" if not allow

            decision := {"allow": allow, "reasons": reasons}
            """);

        var (_, report) = Run(policy);

        Assert.DoesNotContain("newly_denied", report["changes"]!.AsArray().Select(static change => (string)change!["change"]!));
        Assert.Equal(5 + 2, (int)report["same"]! + (int)report["changed"]!);
        Assert.Empty(report["nondeterministic"]!.AsArray());
    }

    [Fact]
    public void Replay_PolicyThatReadsClaims_LeavesOutTokensOnly()
    {
        var policy = Write("""
            package toolgateway

            decision := {"allow": true} if count(input.subject.properties.claims) == 0
            """);

        var (_, report) = Run(policy);

        Assert.Equal(
            ["2 reporting customers.read", "2 support refunds.create"],
            report["left_out"]!.AsArray().Where(static item => (bool)item!["is_decided"]!).Select(static item => $"{item!["count"]} {item["caller"]} {item["action"]}").Order(StringComparer.Ordinal));
        Assert.Equal(3, (int)report["replayed"]!);
    }

    [Fact]
    public void Replay_PolicyThatFails_ShowsTheReason()
    {
        var (code, report) = Run(Write("package toolgateway\n\ndecision := {\"allow\": true, \"cache_seconds\": to_number(input.subject.id)}\n"));

        Assert.Equal(1, code);
        Assert.All(report["changes"]!.AsArray(), static change => Assert.Equal("policy_error", (string)change!["candidate"]!["reasons"]![0]!));
    }

    [Fact]
    public void Replay_Table_ShowsWhoAndWhat()
    {
        var output = new StringWriter();
        ToolGatewayCommand.Create().Parse(["policy", "replay", "--audit", _gateway.AuditDirectory, "--policies", Changed("\"max\": 100", "\"max\": 10")])
            .Invoke(new InvocationConfiguration { Output = output, Error = output });
        var rows = output.ToString().Split('\n').Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToArray();

        Assert.Contains(rows, static row => row.StartsWith("1 newly_denied support crm refunds.create allow deny (argument_over_limit) ", StringComparison.Ordinal));
        Assert.Contains(rows, static row => row.StartsWith("1 input.context.arguments.body is not recorded support crm refunds.create ", StringComparison.Ordinal));
        Assert.Contains(rows, static row => row.EndsWith(": 5 the same, 1 changed, 1 not replayed, 2 not decided by a policy", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> RefundAsync(HttpClient client, int amount)
    {
        using var body = new StringContent($$"""{"order":"A-17","amount":{{amount}}}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync(new Uri("/tools/crm/refunds", UriKind.Relative), body);
        return response.StatusCode;
    }

    private static string Line(JsonNode? change) =>
        $"{change!["count"]} {change["change"]} {change["caller"]} {change["tool"]} {change["action"]}: {Side(change["current"]!)} -> {Side(change["candidate"]!)}";

    private static string Side(JsonNode answer) => $"{answer["outcome"]}({string.Join(',', answer["reasons"]!.AsArray())})";

    /// <summary>The policy that decided, with other grants.</summary>
    private string Changed(string from, string to)
    {
        var directory = Path.Combine(_gateway.Directory, "changed");
        foreach (var file in Directory.EnumerateFiles(_gateway.PolicyDirectory, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(directory, Path.GetRelativePath(_gateway.PolicyDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (!file.EndsWith("_test.rego", StringComparison.Ordinal))
                File.WriteAllText(target, File.ReadAllText(file).Replace(from, to, StringComparison.Ordinal));
        }

        return directory;
    }

    private string Write(string rego)
    {
        var path = Path.Combine(_gateway.Directory, "candidate.rego");
        File.WriteAllText(path, rego);
        return path;
    }

    private (int Code, JsonNode Report) Run(string policies, params string[] more)
    {
        var output = new StringWriter();
        var code = ToolGatewayCommand.Create().Parse(["policy", "replay", "--audit", _gateway.AuditDirectory, "--policies", policies, "--format", "json", .. more])
            .Invoke(new InvocationConfiguration { Output = output, Error = output });
        return (code, JsonNode.Parse(output.ToString())!);
    }
}
