using System.Diagnostics;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;

namespace ToolGateway.Tests.Decisions.Opa;

public sealed class OpaFaultTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Decide_Answer_CarriesOpasIdsAndBundles()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa);
        var decision = await harness.DecideAsync();
        Assert.True(decision.Allow);
        Assert.Equal("opa", decision.Engine);
        Assert.Equal("d-1", decision.OpaDecisionId);
        Assert.Equal(["gateway=r1"], decision.OpaBundles);
        Assert.Equal("r1", decision.PolicyRevision);
        var request = Assert.Single(opa.Questions);
        Assert.StartsWith("POST /v1/data/toolgateway/decision?strict-builtin-errors=true&provenance=true HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", request, StringComparison.Ordinal);
        Assert.Contains("""{"input":{"subject":{"type":"agent",""", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"result":{"allow":false,"reasons":["no"]}}""", "no", false)]
    [InlineData(200, "{}", ReasonCodes.PolicyUndefined, false)]
    [InlineData(200, """{"result":null}""", ReasonCodes.PolicyInvalidResult, false)]
    [InlineData(200, """{"result":{"allow":true},"result":{"allow":true}}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(200, """{"result":{"allow":true}}trailing""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(200, """{"result":{"allow":true}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(200, """{"result":{"allow":false,"reasons":["\ud800"]}}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(200, "", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(200, "<html>proxy</html>", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(200, "true", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(201, """{"result":{"allow":true}}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(302, "", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(400, """{"code":"invalid_parameter"}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(401, """{"code":"unauthorized"}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(500, """{"code":"internal_error","errors":[{"code":"eval_builtin_error","message":"div: divide by zero"}]}""", ReasonCodes.PolicyError, false)]
    [InlineData(500, """{"code":"internal_error","message":"out of memory"}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(500, """{"code":"internal_error","errors":[{"code":"other"}]}""", ReasonCodes.PolicyUnavailable, true)]
    [InlineData(503, "busy", ReasonCodes.PolicyUnavailable, true)]
    public async Task Decide_EveryKindOfAnswer_IsADecisionOrADenial(int status, string body, string reason, bool isUnavailable)
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => FakeOpa.Json(status, body);
        await using var harness = Harness(opa);
        var decision = await harness.DecideAsync();
        Assert.False(decision.Allow);
        Assert.Equal([reason], decision.Reasons);
        Assert.Equal(isUnavailable, decision.IsUnavailable);
    }

    [Theory]
    [InlineData("not http at all\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"result\":{\"allow\":true}}")]
    public async Task Decide_BrokenHttp_IsUnavailable(string bytes)
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => bytes;
        await using var harness = Harness(opa);
        var decision = await harness.DecideAsync();
        Assert.False(decision.Allow);
        Assert.True(decision.IsUnavailable);
    }

    [Fact]
    public async Task Decide_HugeAnswer_IsRefused()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => FakeOpa.Json(200, $$"""{"result":{"allow":true},"metrics":"{{new string('x', 1 << 20)}}"}""");
        await using var harness = Harness(opa);
        Assert.Equal([ReasonCodes.PolicyUnavailable], (await harness.DecideAsync()).Reasons);
    }

    [Fact]
    public async Task Decide_ConnectionBrokenOnce_IsRetried()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa);
        opa.Break = 1;
        Assert.True((await harness.DecideAsync()).Allow);
        Assert.Equal(2, opa.Questions.Count);
    }

    [Fact]
    public async Task Decide_ConnectionAlwaysBroken_IsRetriedOnceOnly()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa);
        opa.Break = 100;
        var decision = await harness.DecideAsync();
        Assert.Equal([ReasonCodes.PolicyUnavailable], decision.Reasons);

        // The transport itself sends once more when a pooled connection turns out to be closed.
        Assert.InRange(opa.Questions.Count, 2, 4);
        Assert.Equal(1, harness.Count("toolgateway.decision_point.failures{engine=opa,kind=retry}"));
    }

    [Fact]
    public async Task Decide_Hanging_DeniesInTimeAndOpensTheCircuit()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa, options => (options.Timeout, options.CircuitBreak) = (Timeout, TimeSpan.FromMilliseconds(500)));
        Assert.True((await harness.DecideAsync()).Allow);
        opa.Answer = _ => null;

        var slowest = TimeSpan.Zero;
        await PollAsync(async () =>
        {
            var (decisions, elapsed) = await AskTogetherAsync(harness, 4);
            Assert.All(decisions, decision => Assert.True(decision.IsUnavailable));
            slowest = elapsed > slowest ? elapsed : slowest;
            return harness.Opa.IsCircuitOpen;
        });
        Assert.InRange(slowest, TimeSpan.Zero, Timeout + Noise);

        var (denied, quick) = await AskTogetherAsync(harness, 1);
        Assert.Equal([ReasonCodes.PolicyUnavailable], denied[0].Reasons);
        Assert.InRange(quick, TimeSpan.Zero, Timeout - TimeSpan.FromMilliseconds(1));

        opa.Answer = _ => FakeOpa.Allow;
        await PollAsync(async () => (await harness.DecideAsync()).Allow);
    }

    [Fact]
    public async Task Decide_KilledAndRestarted_RecoversByItself()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa, options => (options.Timeout, options.CircuitBreak) = (Timeout, TimeSpan.FromMilliseconds(500)));
        Assert.True((await harness.DecideAsync()).Allow);
        opa.Kill();
        await PollAsync(async () =>
        {
            var (decisions, elapsed) = await AskTogetherAsync(harness, 4);
            Assert.All(decisions, decision => Assert.Equal([ReasonCodes.PolicyUnavailable], decision.Reasons));
            Assert.InRange(elapsed, TimeSpan.Zero, Timeout + Noise);
            return harness.Opa.IsCircuitOpen;
        });
        opa.Restart();
        await PollAsync(async () => (await harness.DecideAsync()).Allow);
        Assert.False(harness.Opa.IsCircuitOpen);
    }

    [Fact]
    public async Task Decide_OneSlowQuestionAmongQuickOnes_DoesNotOpenTheCircuit()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = request => request.Contains("slow", StringComparison.Ordinal) ? null : FakeOpa.Allow;
        await using var harness = Harness(opa, options => (options.Timeout, options.CircuitMinimumCalls) = (Timeout, 3));
        for (var i = 0; i < 4; i++)
        {
            var slow = harness.DecideAsync(Calls.Refund("""{"order":"slow"}"""));
            Assert.Equal([ReasonCodes.PolicyTimeout], (await slow).Reasons);
        }

        Assert.False(harness.Opa.IsCircuitOpen);
        Assert.True((await harness.DecideAsync()).Allow);
    }

    [Fact]
    public async Task Decide_EvaluationErrors_DoNotOpenTheCircuit()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => FakeOpa.Json(500, """{"code":"internal_error","errors":[{"code":"eval_conflict_error","message":"m"}]}""");
        await using var harness = Harness(opa);
        for (var i = 0; i < 20; i++)
            Assert.Equal([ReasonCodes.PolicyError], (await harness.DecideAsync()).Reasons);
        Assert.False(harness.Opa.IsCircuitOpen);
    }

    [Fact]
    public async Task Decide_ServerErrors_OpenTheCircuit()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => FakeOpa.Json(503, "busy");
        await using var harness = Harness(opa);
        for (var i = 0; i < 12; i++)
            await harness.DecideAsync();
        Assert.True(harness.Opa.IsCircuitOpen);
        Assert.Equal(10, opa.Questions.Count);
        Assert.Equal(2, harness.Count("toolgateway.decision_point.failures{engine=opa,kind=circuit_open}"));
    }

    [Fact]
    public async Task Decide_SlowAnswers_AreDecisionsWithinTheTimeout()
    {
        using var opa = FakeOpa.Start();
        opa.Delay = TimeSpan.FromMilliseconds(60);
        await using var harness = Harness(opa);
        var (decisions, _) = await AskTogetherAsync(harness, 8);
        Assert.All(decisions, decision => Assert.True(decision.Allow));
    }

    [Fact]
    public async Task Decide_TokenFile_IsSentAndReadAgain()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "first\n");
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa, options => options.TokenFile = file);
        await harness.DecideAsync();
        Assert.Contains("\r\nAuthorization: Bearer first\r\n", opa.Questions.Last(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "second");
        await PollAsync(async () =>
        {
            await harness.DecideAsync();
            return opa.Questions.Last().Contains("\r\nAuthorization: Bearer second\r\n", StringComparison.Ordinal);
        });
        File.Delete(file);
    }

    [Fact]
    public async Task Decide_TokenFileMissing_IsUnavailableWithoutAsking()
    {
        using var opa = FakeOpa.Start();
        await using var harness = Harness(opa, options => options.TokenFile = "/does/not/exist");
        Assert.True((await harness.DecideAsync()).IsUnavailable);
        Assert.Empty(opa.Questions);
    }

    [Fact]
    public async Task Decide_CallerThatLeaves_IsNotWaitedFor()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => null;
        await using var harness = Harness(opa, options => options.Timeout = TimeSpan.FromSeconds(30));
        using var leaving = new CancellationTokenSource(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await harness.Point.DecideAsync(harness.Snapshot, Calls.Read, leaving.Token));
    }

    [Theory]
    [InlineData("""["read_file","other"]""", "read_file", null)]
    [InlineData("""{"read_file":true}""", "", ReasonCodes.PolicyInvalidResult)]
    [InlineData(null, "", null)]
    public async Task Visible_Answer_IsCutToTheCandidates(string? result, string names, string? reason)
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => FakeOpa.Json(200, result is null ? "{}" : $$"""{"result":{{result}}}""");
        await using var harness = Harness(opa);
        var visible = await harness.Point.VisibleAsync(
            harness.Snapshot, Calls.Mcp("mcp:tools/list") with { Candidates = ["read_file", "write_file"] }, CancellationToken.None);
        Assert.Equal(names, string.Join(',', visible.Names));
        Assert.Equal(reason, visible.FailureReason);
        Assert.StartsWith("POST /v1/data/toolgateway/visible?", opa.Questions.Single(), StringComparison.Ordinal);
    }

    /// <summary>Other tests share the cores; <see cref="OpaDeadlineTests"/> holds the 50 ms.</summary>
    private static TimeSpan Noise => TimeSpan.FromSeconds(3);

    internal static DecisionHarness Harness(FakeOpa opa, Action<OpaOptions>? configure = null) => new(options =>
    {
        options.Engine = "Opa";
        options.Opa.Address = opa.Address;

        // Tests that are not about time get enough of it, whatever else the machine does.
        options.Opa.Timeout = TimeSpan.FromSeconds(5);
        configure?.Invoke(options.Opa);
    });

    private static async Task<(Decision[] Decisions, TimeSpan Slowest)> AskTogetherAsync(DecisionHarness harness, int count)
    {
        var slowest = 0L;
        var decisions = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var started = Stopwatch.GetTimestamp();
            var decision = await harness.DecideAsync();
            InterlockedMax(ref slowest, Stopwatch.GetTimestamp() - started);
            return decision;
        }));
        return (decisions, Stopwatch.GetElapsedTime(0, slowest));
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }

    private static async Task PollAsync(Func<Task<bool>> condition)
    {
        var deadline = Environment.TickCount64 + 10_000;
        while (!await condition())
        {
            Assert.True(Environment.TickCount64 < deadline, "the condition never came true");
            await Task.Delay(20);
        }
    }
}
