using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.Audit;
using ToolGateway.Audit.Reading;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Host;
using ToolGateway.Host.Policy.Replay;
using ToolGateway.Tests.Audit;
using ToolGateway.Tests.Decisions;

namespace ToolGateway.Tests.Policy;

/// <summary>Recorded decisions, decided again from what the records hold.</summary>
public sealed class ReplayTests
{
    /// <summary>A policy for each way of reading the input: as the shipped one does, members one by one, whole objects, lists of names, by the clock.</summary>
    private static readonly string[] Readings =
    [
        "allow if input.context.arguments.body.amount <= 40",
        "allow if object.get(input, [\"context\", \"arguments\", \"body\", \"order\"], \"none\") == \"A-17\"",
        "allow if object.get(input.context.arguments.body, \"elsewhere\", 1) == 1",
        "allow if count(input.context.arguments.body) == 2",
        "allow if input.context.arguments.body == {\"order\": \"A-17\", \"amount\": 40}",
        "allow if input.context.arguments.path.id == \"42\"",
        "allow if \"amount\" in object.keys(input.context.arguments.body)",
        "allow if walk(input.context, [_, \"refund-order\"])",
        "allow if count(input.subject.properties.claims) == 0",
        "allow if input.subject.properties.claims.scope == \"a b\"",
        "allow if not input.subject.properties.review_overdue",
        "allow if input.subject.properties.tenant == input.resource.properties.tenant",
        "allow if input.subject.properties.issuer == null",
        "allow if input.subject.properties.authentication in {\"mtls\", \"jwt\"}",
        "allow if \"pii\" in input.resource.properties.data",
        "allow if input.resource.properties.destination == \"internal\"",
        "allow if input.context.delegation.subject.id",
        "allow if input.context.mcp == null",
        "allow if input.context.mcp.method == \"tools/call\"",
        "allow if input.context.mcp.annotations.readOnlyHint",
        "allow if input.context.mcp.input_responses == null",
        "allow if startswith(input.context.request.time, \"2026-11-22T05:16:51.051Z\")",
        "allow if input.context.request.remote_address == \"10.0.0.7\"",
        "allow if time.now_ns() == time.parse_rfc3339_ns(input.context.request.time)",
        "allow if contains(json.marshal(input), \"A-17\")",
        "allow if input.candidates",
        "allow if is_object(input.context.arguments.body)",
        "allow if input.context.arguments.headers[\"x-region\"] == \"eu\"",
        "allow if input.action.properties.risk == \"low\"",
        "allow if input.context.intent.verified",
    ];

    /// <summary>Either the record lacks a fact, or the replay gives what the whole input gives: never another answer.</summary>
    [Fact]
    public async Task Replay_AnyCallAndPolicy_IsRightOrLeftOut()
    {
        var inputs = DecisionCases.All.Values.Select(static item => item.Input).Concat(Variants()).Select(Consistent).ToArray();
        var lines = await RecordAsync(inputs, static input => input.Call.Body.IsEmpty ? [] : ["/body/order", "/body/amount"]);
        var (right, leftOut) = (0, 0);
        foreach (var policy in Readings.Select(Policy).Append(Policies.Shipped))
        {
            foreach (var (input, line) in inputs.Zip(lines))
            {
                var expected = Answer.Of((await new EmbeddedCandidate(policy).AskAsync(input, default)).Decision!) with { Obligations = "", CacheSeconds = 0 };
                var (report, answer) = Replay(policy, line);
                leftOut += (int)report.NotReplayed;
                if (report.NotReplayed > 0)
                    continue;
                right++;
                Assert.Equal(expected.Outcome == "allow" ? (1, 0) : (0, 1), (report.Same, report.Changed));
                if (answer is not null)
                    Assert.Equal(expected, answer);
            }
        }

        Assert.InRange(leftOut, 100, right);
    }

    [Fact]
    public async Task Replay_ShippedPolicy_LeavesOutOnlyCallsWhoseLimitedArgumentsAreNotRecorded()
    {
        var cases = DecisionCases.All.Where(static item => item.Value.Input.Call.Action != "ünïcode\u2028\"").ToArray();
        var lines = await RecordAsync([.. cases.Select(static item => Consistent(item.Value.Input))], static _ => []);

        var leftOut = cases.Zip(lines).Where(static pair => Replay(Policies.Shipped, pair.Second).Report.NotReplayed > 0).Select(static pair => pair.First.Value.Input.Call.Action).Distinct();

        Assert.Equal(["refunds.create"], leftOut);
    }

    [Theory]
    [InlineData("allow if input.context.arguments.body.amount > 1", "input.context.arguments.body.amount is not recorded")]
    [InlineData("allow if count(input.context.arguments.body) > 1", "input.context.arguments.body is not recorded")]
    [InlineData("allow if input.context.arguments.query.dry", "input.context.arguments.query is not recorded")]
    [InlineData("allow if input.subject.properties.claims.x", "input.subject.properties.claims is not recorded")]
    public async Task Replay_FactThatIsMissing_IsNamed(string rule, string why)
    {
        var input = Consistent(Calls.Refund("""{"order":"A-17","amount":40}""", caller: Calls.Caller with { Authentication = "jwt" }));
        var line = Assert.Single(await RecordAsync([input], static _ => ["/body/order"]));

        var item = Assert.Single(Replay(Policy(rule), line).Report.LeftOut);

        Assert.Equal((why, "support", "crm", "refunds.create", 1L), (item.Why, item.Caller, item.Tool, item.Action, item.Count));
    }

    /// <summary>Records of version 0 of the log, before these facts were in it.</summary>
    [Fact]
    public async Task Replay_RecordWithoutFactsOfTheRegistration_NamesThem()
    {
        var line = Encoding.UTF8.GetString(Assert.Single(await RecordAsync([Consistent(Calls.Read)], static _ => [])));
        var older = Encoding.UTF8.GetBytes(line.Replace(",\"environment\":\"prod\",\"tenant\":\"acme\",\"review_by\":null", "", StringComparison.Ordinal));
        Assert.NotEqual(line.Length, older.Length);

        Assert.Equal("input.subject.properties.tenant is not recorded", Assert.Single(Replay(Policy("allow if input.subject.properties.tenant == \"acme\""), older).Report.LeftOut).Why);
        Assert.Equal(0, Replay(Policy("allow if input.subject.properties.name == \"support\""), older).Report.NotReplayed);
    }

    [Fact]
    public async Task Replay_ManyCallsOfManyKinds_KeepsNoMoreThanItsLists()
    {
        var line = Encoding.UTF8.GetString(Assert.Single(await RecordAsync([Consistent(Calls.Read)], static _ => [])));
        var replayer = new Replayer(Policy("allow if input.action.name == \"none\"").Decision, "r", new CallFilter(), static (_, _, _) => { });
        void Take(int from, int count)
        {
            for (var i = from; i < from + count; i++)
                replayer.Take(Encoding.UTF8.GetBytes(line.Replace("customers.read", $"action-{i}", StringComparison.Ordinal)));
        }

        Take(0, 12_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Take(12_000, 12_000);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1 << 20);
        Assert.Equal((24_000, 14_000, 10_000), (replayer.Report().Changed, replayer.Report().Unlisted, replayer.Report().Changes.Count));
    }

    [Fact]
    public async Task Command_ExitCodes_TellWhatHappened()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(9);
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("d-none") with { Decision = Decision.Denied("none", "rate_limited") }, Durability.Written, default));
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("d-out") with { Decision = Decision.Unavailable("opa", "policy_timeout") }, Durability.Written, default));
        await log.Log.StopAsync();
        var same = Write(log, "same.rego", "allow if input.action.name == \"refunds.create\"");
        var other = Write(log, "other.rego", "allow if input.action.name == \"none\"");
        var blind = Write(log, "blind.rego", "allow if input.context.arguments.body.amount");

        var (code, output) = Run("--audit", log.Directory, "--policies", other);
        Assert.Equal(1, code);
        Assert.Contains("11 decisions from 2026-11-22T05:16:51Z to 2026-11-22T05:16:51Z: 0 the same, 9 changed, 0 not replayed, 2 not decided by a policy\n", output, StringComparison.Ordinal);
        Assert.Contains("refused before the policy was asked: rate_limited", output, StringComparison.Ordinal);
        Assert.Contains("no answer came: policy_timeout", output, StringComparison.Ordinal);
        Assert.Equal(0, Run("--audit", log.Directory, "--policies", same, "--outcome", "allow").Code);
        Assert.Equal(1, Run("--audit", log.Directory, "--policies", blind).Code);
        Assert.Equal(0, Run("--audit", log.Directory, "--policies", other, "--tool", "mail").Code);
        Assert.Equal(2, Run("--audit", Path.Combine(log.Root, "nowhere"), "--policies", same).Code);
        Assert.Equal(2, Run("--audit", log.Directory, "--policies", Path.Combine(log.Root, "nowhere")).Code);
        Assert.Equal(2, Run("--audit", log.Directory, "--policies", Write(log, "broken.rego", "allow if")).Code);
        Assert.NotEqual(0, Run("--audit", log.Directory).Code);
    }

    [Fact]
    public async Task Command_Json_HasEveryCallWhenAsked()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(3);
        await log.Log.StopAsync();
        var policy = Write(log, "p.rego", "allow if rand.intn(\"x\", 1) == 1");

        var report = JsonNode.Parse(Run("--audit", log.Directory, "--policies", policy, "--format", "json").Output)!;
        Assert.Equal((3, 3), ((int)report["records"]!, (int)report["changed"]!));
        Assert.Equal(["rand.intn"], report["nondeterministic"]!.AsArray().Select(static name => (string)name!));
        Assert.Equal(["reasons 1", "newly_denied 2"], report["changes"]!.AsArray().Select(static change => $"{change!["change"]} {change["count"]}").Order(StringComparer.Ordinal).Reverse());

        var lines = Run("--audit", log.Directory, "--policies", policy, "--format", "json", "--each").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["d-0", "d-1", "d-2"], lines[..3].Select(static line => (string)line["decision_id"]!));
        Assert.Equal(3, (int)lines[3]["changed"]!);
        Assert.Contains("d-1 support crm refunds.create: allow -> deny (no)\n", Run("--audit", log.Directory, "--policies", policy, "--each").Output, StringComparison.Ordinal);
    }

    private static EmbeddedPolicy Policy(string rule) => Policies.Of(Module(rule));

    private static string Module(string rule) =>
        $"package toolgateway\ndefault allow := false\n{rule}\nreasons contains \"no\" if not allow\ndecision := {{\"allow\": allow, \"reasons\": reasons}}\nvisible := set()\n";

    private static string Write(TestLog log, string name, string rule)
    {
        var path = Path.Combine(log.Root, name);
        File.WriteAllText(path, Module(rule));
        return path;
    }

    /// <summary>What the record says of the credential agrees with the caller, as it does wherever callers are identified.</summary>
    private static DecisionInput Consistent(DecisionInput input) =>
        input with { Caller = input.Caller with { Credential = input.Caller.Credential with { Method = input.Caller.Authentication, Issuer = input.Caller.Issuer } } };

    private static IEnumerable<DecisionInput> Variants()
    {
        var jwt = Calls.Caller with { Authentication = "jwt", Issuer = "https://issuer.acme.test", Claims = Calls.Object("""{"scope":"a b"}""") };
        yield return Calls.Question(Calls.ReadCall, jwt);
        yield return Calls.Question(Calls.ReadCall with { HeaderArguments = Calls.Object("""{"x-region":"eu"}"""), QueryArguments = Calls.Object("""{"q":["1"]}""") });
        yield return Calls.Question(Calls.ReadCall, Calls.Caller with { Agent = Calls.Support with { ReviewBy = new DateOnly(2026, 1, 1) } });
        yield return Calls.Question(Calls.ReadCall, Calls.Caller with { Agent = Calls.Support with { ReviewBy = DateOnly.FromDateTime(Calls.Now.UtcDateTime) } });
        yield return Calls.Question(Calls.Mcp("read_file").Call with
        {
            Mcp = new ToolGateway.ToolCalls.McpCall("tools/call", null, Calls.Object("""{"r":{"a":1}}"""), "sha-256:00") { PinnedAnnotations = Calls.Object("""{"readOnlyHint":true}""") },
        });
    }

    /// <summary>The lines that allowed calls leave in a log.</summary>
    private static async Task<byte[][]> RecordAsync(DecisionInput[] inputs, Func<DecisionInput, IReadOnlyList<string>> clear)
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        foreach (var (input, i) in inputs.Select(static (input, i) => (input, i)))
        {
            var decision = new Decision { Allow = true, Engine = "embedded", PolicyRevision = "p1", Obligations = new Obligations { AuditArguments = clear(input) } };
            Assert.True(await log.Log.DecisionAsync(
                TestLog.Decision($"d-{i}") with { Time = input.Time, RemoteAddress = input.RemoteAddress, Caller = input.Caller, Call = input.Call, Decision = decision }, Durability.Written, default));
        }

        await log.Log.StopAsync();
        return [.. log.Lines("decision").Select(Encoding.UTF8.GetBytes)];
    }

    private static (ReplayReport Report, Answer? Answer) Replay(EmbeddedPolicy policy, byte[] line)
    {
        Answer? answer = null;
        var replayer = new Replayer(policy.Decision, policy.Revision, new CallFilter(), (_, now, _) => answer = now);
        replayer.Take(line);
        return (replayer.Report(), answer);
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var code = ToolGatewayCommand.Create().Parse(["policy", "replay", .. arguments]).Invoke(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }
}
