using ToolGateway.Decisions;
using ToolGateway.Decisions.Caching;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Identity;
using ToolGateway.Rego.Values;
using ToolGateway.Tests.Decisions.Opa;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Decisions;

public sealed class DecisionCacheTests
{
    private const string Hits = "toolgateway.cache.requests{result=hit}";

    [Fact]
    public async Task Decide_EqualQuestion_IsReused()
    {
        await using var harness = Harness(Cacheable("input.action.name"));
        Assert.False((await harness.DecideAsync()).Cached);
        var second = await harness.DecideAsync(Calls.Read with { Id = "call-2", RemoteAddress = "10.0.0.8" });
        Assert.True(second is { Cached: true, Allow: true, Engine: "cache" });
        Assert.Equal(harness.Snapshot.Policy!.Revision, second.PolicyRevision);
        Assert.Equal(1, harness.Count(Hits));
    }

    [Fact]
    public async Task Decide_FactThatThePolicyReads_IsPartOfTheKey()
    {
        await using var harness = Harness(Cacheable("input.context.arguments.body"));
        await harness.DecideAsync(Calls.Refund("""{"amount":1}"""));
        Assert.True((await harness.DecideAsync(Calls.Refund("""{"amount":1}"""))).Cached);
        Assert.False((await harness.DecideAsync(Calls.Refund("""{"amount":2}"""))).Cached);
    }

    [Fact]
    public async Task Decide_FactThatThePolicyDoesNotRead_IsNot()
    {
        await using var harness = Harness(Cacheable("input.action.name"));
        await harness.DecideAsync(Calls.Refund("""{"amount":1}"""));
        Assert.True((await harness.DecideAsync(Calls.Refund("""{"amount":2}"""))).Cached);
    }

    [Fact]
    public async Task Decide_LifetimeOver_IsAskedAgain()
    {
        await using var harness = Harness(Cacheable("input.action.name"));
        await harness.DecideAsync();
        Assert.True((await harness.DecideAsync()).Cached);
        harness.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.False((await harness.DecideAsync()).Cached);
    }

    [Fact]
    public async Task Decide_MaxSeconds_EndsALongLifetime()
    {
        await using var harness = Harness(Cacheable("input.action.name"), options => options.MaxSeconds = 2);
        await harness.DecideAsync();
        harness.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.False((await harness.DecideAsync()).Cached);
    }

    [Fact]
    public async Task Decide_ExpiryOfCredentialOrAgent_EndsTheLifetime()
    {
        await using var harness = Harness(Cacheable("input.action.name"));
        var leaving = Calls.Caller with { Credential = Calls.Caller.Credential with { Expires = Calls.Now.AddSeconds(4) } };
        await harness.DecideAsync(Calls.Question(Calls.ReadCall with { Action = "a" }, leaving));
        var retiring = Calls.Caller with { Agent = Calls.Support with { ExpiresAt = Calls.Now.AddSeconds(4) } };
        await harness.DecideAsync(Calls.Question(Calls.ReadCall with { Action = "b" }, retiring));
        harness.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False((await harness.DecideAsync(Calls.Question(Calls.ReadCall with { Action = "a" }, leaving))).Cached);
        Assert.False((await harness.DecideAsync(Calls.Question(Calls.ReadCall with { Action = "b" }, retiring))).Cached);
    }

    [Fact]
    public async Task Decide_NewSnapshot_ForgetsEverything()
    {
        var policy = Cacheable("input.action.name");
        await using var harness = Harness(policy);
        await harness.DecideAsync();
        var old = harness.Snapshot;
        harness.Swap(policy);
        Assert.False((await harness.DecideAsync()).Cached);
        Assert.False((await harness.Point.DecideAsync(old, Calls.Read, CancellationToken.None)).Cached);
        Assert.True((await harness.DecideAsync()).Cached);
    }

    [Theory]
    [InlineData("time.now_ns() > 0")]
    [InlineData("""rand.intn("x", 2) >= 0""")]
    [InlineData("input.context.request.id")]
    [InlineData("input.context.request.time")]
    public async Task Decide_UnsteadyPolicy_IsNeverReused(string expression)
    {
        await using var harness = Harness(Cacheable(expression));
        for (var i = 0; i < 4; i++)
            Assert.False((await harness.DecideAsync()).Cached);
        Assert.Equal(0, harness.Count("toolgateway.cache.requests{result=miss}"));
    }

    [Fact]
    public async Task Decide_ErrorsAndDenialsWithoutLifetime_AreNotReused()
    {
        await using var harness = Harness(Policies.Of(
            """
            package toolgateway
            decision := {"allow": false, "reasons": ["no"]} if input.action.name == "customers.read"
            decision := {"allow": 1 / input.context.arguments.body == 1, "cache_seconds": 9} if input.action.name == "refunds.create"
            """));
        for (var i = 0; i < 3; i++)
        {
            Assert.False((await harness.DecideAsync()).Cached);
            Assert.False((await harness.DecideAsync(Calls.Refund("0"))).Cached);
        }

        Assert.DoesNotContain(harness.Counters.Keys, key => key.StartsWith("toolgateway.cache", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decide_MoreThanMaxEntries_StaysBounded()
    {
        await using var harness = Harness(Cacheable("input.context.arguments.body"), options => options.MaxEntries = 10);
        for (var i = 0; i < 200; i++)
            Assert.True((await harness.DecideAsync(Calls.Refund($"{i}"))).Allow);
        Assert.True((await harness.DecideAsync(Calls.Refund("0"))).Allow);
    }

    [Fact]
    public async Task Decide_SidecarWithRevision_IsReusedUntilTheRevisionChanges()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => Answer("r1");
        await using var harness = OpaFaultTests.Harness(opa);
        await WaitForRevisionAsync(harness, "r1");
        await harness.DecideAsync();
        Assert.True((await harness.DecideAsync(Calls.Read with { Id = "call-2", Time = Calls.Now.AddSeconds(1) })).Cached);
        Assert.Single(opa.Questions);

        opa.Answer = _ => Answer("r2");
        await WaitForRevisionAsync(harness, "r2");
        Assert.False((await harness.DecideAsync()).Cached);
        Assert.True((await harness.DecideAsync()).Cached);
    }

    [Fact]
    public async Task Decide_SidecarWithoutRevision_IsNeverReused()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => FakeOpa.Json(200, """{"provenance":{"version":"1.9.0"},"result":{"allow":true,"cache_seconds":60}}""");
        await using var harness = OpaFaultTests.Harness(opa);
        for (var i = 0; i < 3; i++)
            Assert.False((await harness.DecideAsync()).Cached);
        Assert.Equal(3, opa.Questions.Count);
    }

    [Fact]
    public async Task Decide_EqualQuestionsAtOnce_AreAskedOnce()
    {
        using var opa = FakeOpa.Start();
        opa.Answer = _ => Answer("r1");
        await using var harness = OpaFaultTests.Harness(opa, _ => { });
        await WaitForRevisionAsync(harness, "r1");

        // The first one shows that this kind of call gives reusable decisions.
        await harness.DecideAsync(Calls.Refund("1"));
        opa.Delay = TimeSpan.FromMilliseconds(200);
        using var leaving = new CancellationTokenSource();
        var first = harness.Point.DecideAsync(harness.Snapshot, Calls.Refund("2"), leaving.Token).AsTask();
        var others = Enumerable.Range(0, 8).Select(_ => harness.DecideAsync(Calls.Refund("2"))).ToArray();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.All(await Task.WhenAll(others), decision => Assert.True(decision.Allow));
        Assert.Equal(2, opa.Questions.Count);
        Assert.Equal(8, harness.Count("toolgateway.cache.requests{result=joined}"));
    }

    [Fact]
    public void Key_DifferentFacts_NeverCollide()
    {
        var questions = new[]
        {
            Calls.Read,
            Calls.Read with { Call = Calls.ReadCall with { Action = "customers" } },
            Calls.Read with { Call = Calls.ReadCall with { Intent = new Intent("", null, false) } },
            Calls.Read with { Call = Calls.ReadCall with { Intent = new Intent(null, "", false) } },
            Calls.Read with { Call = Calls.ReadCall with { Intent = new Intent("a", "b", false) } },
            Calls.Read with { Call = Calls.ReadCall with { Intent = new Intent("ab", "", false) } },
            Calls.Read with { Call = Calls.ReadCall with { HeaderArguments = RegoObject.Empty } },
            Calls.Read with { Call = Calls.ReadCall with { HeaderArguments = Calls.Object("""{"a":null}""") } },
            Calls.Read with { Call = Calls.ReadCall with { QueryArguments = Calls.Object("""{"a":["b","c"]}""") } },
            Calls.Read with { Call = Calls.ReadCall with { QueryArguments = Calls.Object("""{"a":["bc"]}""") } },
            Calls.Read with { Call = Calls.ReadCall with { QueryArguments = Calls.Object("""{"a":[["b"],"c"]}""") } },
            Calls.Read with { Candidates = [] },
            Calls.Read with { Candidates = ["a", "b"] },
            Calls.Read with { Candidates = ["ab"] },
            Calls.Question(Calls.ReadCall, Calls.Caller with { Agent = null }),
            Calls.Question(Calls.ReadCall, Calls.Caller with { Agent = Calls.Support with { Tenant = null } }),
            Calls.Question(Calls.ReadCall, Calls.Caller with { Delegation = new DelegationSubject("user", "") }),
            Calls.Mcp("read_file"),
            Calls.Mcp("read_file", "{}"),
            Calls.Mcp("read_file", "null"),
        };
        var keys = questions.Select(input => FactSelection.Sidecar.Key("decision", "opa", "r1", input)).ToList();
        keys.Add(FactSelection.Sidecar.Key("decision", "opa", "r2", Calls.Read));
        keys.Add(FactSelection.Sidecar.Key("decision", "opa", null, Calls.Read));
        keys.Add(FactSelection.Sidecar.Key("visible", "opa", "r1", Calls.Read));
        keys.Add(FactSelection.Sidecar.Key("decision", "embedded", "r1", Calls.Read));
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.Equal(keys[0], FactSelection.Sidecar.Key("decision", "opa", "r1", Calls.Read));
    }

    [Theory]
    [InlineData("input.subject.id", "subject.id")]
    [InlineData("input.action", "action.name,action.properties.effect,action.properties.method,action.properties.risk")]
    [InlineData("input.context.arguments.body.amount.deep", "context.arguments.body")]
    [InlineData("input.unknown", "")]
    public void Facts_OfAPolicy_AreThoseThatItReads(string expression, string facts) =>
        Assert.Equal(facts, string.Join(',', Cacheable(expression).Decision.Facts.Facts.Select(fact => fact.Path).Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("walk(input, [_, \"x\"])")]
    [InlineData("some name; input[name].id")]
    [InlineData("count(input) > 0")]
    [InlineData("json.marshal(input) != \"\"")]
    public void Facts_OfAPolicyThatReadsTheWholeInput_AreAll(string expression)
    {
        var decision = Cacheable(expression).Decision;
        Assert.Equal(Fact.All.Count, decision.Facts.Facts.Count);
        Assert.False(decision.IsReusable);
    }

    private static EmbeddedPolicy Cacheable(string expression) => Policies.Of(
        $$"""
        package toolgateway
        default read := false
        read if { {{expression}} }
        decision := {"allow": true, "reasons": [reason], "cache_seconds": 10} if { some reason in {"yes" | read} | {"no" | not read} }
        """);

    private static DecisionHarness Harness(EmbeddedPolicy policy, Action<DecisionCacheOptions>? configure = null) =>
        new(options => configure?.Invoke(options.Cache), policy);

    private static string Answer(string revision) => FakeOpa.Json(
        200, $"{{\"provenance\":{{\"bundles\":{{\"gateway\":{{\"revision\":\"{revision}\"}}}}}},\"result\":{{\"allow\":true,\"cache_seconds\":60}}}}");

    private static async Task WaitForRevisionAsync(DecisionHarness harness, string revision)
    {
        var deadline = Environment.TickCount64 + 10_000;
        while (harness.Opa.Revision != revision)
        {
            Assert.True(Environment.TickCount64 < deadline, $"OPA's revision is {harness.Opa.Revision}");
            await Task.Delay(20);
        }
    }
}
