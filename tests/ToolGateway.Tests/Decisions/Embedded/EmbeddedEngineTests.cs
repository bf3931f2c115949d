using System.Buffers;
using System.Text.Json;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Input;
using ToolGateway.Enforcement;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Decisions.Embedded;

public sealed class EmbeddedEngineTests
{
    public static TheoryData<string> Cases => DecisionCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Decide_ShippedPolicy_AnswersAsTheTableSays(string name)
    {
        await using var harness = new DecisionHarness(_ => { }, Policies.Shipped);
        var (input, expected) = DecisionCases.All[name];
        var decision = await harness.DecideAsync(input);
        Assert.Equal(expected, DecisionCases.Text(decision));
        Assert.Equal("embedded", decision.Engine);
        Assert.Equal(Policies.Shipped.Revision, decision.PolicyRevision);
    }

    [Fact]
    public void Decide_ReducedInput_DecidesAsTheFullOneDoes()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var input = RandomInput(random);
            var reduced = Policies.Shipped.Decision.Query.Evaluate(new DecisionInputSource(input), Policies.Shipped.Evaluation);
            var full = Policies.Shipped.Decision.Query.Evaluate(RegoJson.Parse(Json(input)), Policies.Shipped.Evaluation);
            Assert.Null(full.Error);
            Assert.Equal(full.Value!.ToJson(), reduced.Value!.ToJson());
        }
    }

    [Fact]
    public async Task Decide_Obligations_ReachTheDecision()
    {
        await using var harness = new DecisionHarness(_ => { }, Policies.Shipped);
        Assert.Equal(["/ssn", "/card/number"], (await harness.DecideAsync()).Obligations.RedactResponse);
        var refund = await harness.DecideAsync(Calls.Refund("""{"order":"A-17","amount":40}"""));
        Assert.True(refund.Obligations.AuditSynced);
        Assert.Equal(["/body/order", "/body/amount"], refund.Obligations.AuditArguments);
        Assert.Equal(TimeSpan.FromSeconds(10), refund.Obligations.Timeout);
    }

    [Theory]
    [InlineData("decision := {\"allow\": 1 / input.context.arguments.body == 1}", ReasonCodes.PolicyError)]
    [InlineData("decision := {\"allow\": true} if not startswith(input.context.arguments.body, \"x\")", ReasonCodes.PolicyError)]
    [InlineData("decision := {\"allow\": true}\ndecision := {\"allow\": false, \"reasons\": [\"no\"]} if input.subject.type == \"agent\"", ReasonCodes.PolicyError)]
    [InlineData("decision := {\"allow\": count(numbers.range(1, 1000000000)) > 0} if input.subject.type == \"agent\"", ReasonCodes.PolicyTimeout)]
    [InlineData("decision := {\"allow\": true} if input.subject.type == \"nobody\"", ReasonCodes.PolicyUndefined)]
    [InlineData("decision := {\"allow\": \"yes\"} if input.subject.type == \"agent\"", ReasonCodes.PolicyInvalidResult)]
    [InlineData("decision := {\"allow\": true, \"reasons\": [\"revoked\"]} if input.subject.type == \"agent\"", ReasonCodes.PolicyInvalidResult)]
    public async Task Decide_PolicyThatFails_IsADenialNotAnAbsence(string rules, string reason)
    {
        await using var harness = new DecisionHarness(_ => { }, Policies.Of("package toolgateway\n" + rules));
        var decision = await harness.DecideAsync(Calls.Refund("0"));
        Assert.False(decision.Allow);
        Assert.False(decision.IsUnavailable);
        Assert.Equal([reason], decision.Reasons);
    }

    [Fact]
    public async Task Decide_WithoutPolicy_IsUnavailable()
    {
        await using var harness = new DecisionHarness(_ => { });
        var decision = await harness.DecideAsync();
        Assert.True(decision is { Allow: false, IsUnavailable: true });
        Assert.Equal([ReasonCodes.PolicyUnavailable], decision.Reasons);
    }

    [Fact]
    public async Task Visible_ShippedPolicy_ShowsGrantedActions()
    {
        await using var harness = new DecisionHarness(_ => { }, Policies.Shipped);
        var listing = Calls.Mcp("mcp:tools/list") with { Candidates = ["delete_file", "list_directory", "read_file"] };
        var visible = await harness.Point.VisibleAsync(harness.Snapshot, listing, CancellationToken.None);
        Assert.Equal(["list_directory", "read_file"], visible.Names.Order(StringComparer.Ordinal));
        Assert.Null(visible.FailureReason);
        var stranger = listing with { Caller = Calls.Caller with { Agent = null } };
        Assert.Empty((await harness.Point.VisibleAsync(harness.Snapshot, stranger, CancellationToken.None)).Names);
    }

    [Theory]
    [InlineData("visible := 1 / 0", ReasonCodes.PolicyError)]
    [InlineData("visible := [1] if input.subject.type == \"agent\"", ReasonCodes.PolicyInvalidResult)]
    [InlineData("other := 1", null)]
    public async Task Visible_PolicyWithout_ShowsNothing(string rule, string? reason)
    {
        await using var harness = new DecisionHarness(_ => { }, Policies.Of("package toolgateway\ndecision := {\"allow\": true}\n" + rule));
        var visible = await harness.Point.VisibleAsync(harness.Snapshot, Calls.Read with { Candidates = ["a"] }, CancellationToken.None);
        Assert.Empty(visible.Names);
        Assert.Equal(reason, visible.FailureReason);
    }

    private static DecisionInput RandomInput(Random random)
    {
        var (input, _) = DecisionCases.All.Values.ElementAt(random.Next(DecisionCases.All.Count));
        var caller = input.Caller with
        {
            Authentication = Pick("mtls", "jwt", "mtls+jwt", "jwt_svid")!,
            Agent = random.Next(5) == 0 ? null : input.Caller.Agent is { } agent ? agent with { Tenant = Pick("acme", "globex", null) } : null,
            Claims = random.Next(2) == 0 ? RegoObject.Empty : Calls.Object("""{"scope":"x"}"""),
        };
        var call = input.Call with
        {
            Risk = (Risk)random.Next(3),
            Effect = Pick("read", "write", "export", "admin")!,
            Intent = new Intent(Pick("T-1", "report-1", "", null), Pick("refund-order", null), random.Next(2) == 0),
            HeaderArguments = random.Next(3) == 0 ? Calls.Object("""{"x":"y"}""") : null,
        };
        return input with { Caller = caller, Call = call };

        string? Pick(params string?[] values) => values[random.Next(values.Length)];
    }

    private static byte[] Json(DecisionInput input)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        DecisionInputJson.Write(writer, input);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
