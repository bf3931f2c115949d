using System.Collections.Concurrent;
using System.Diagnostics;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;

namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>
/// How long a denial takes when OPA gives no answer, in every way in which it can give none. The promise is the timeout plus 50 ms. Other processes share the cores, so the
/// median and one whole round of calls must keep it, and every call a wider one.
/// </summary>
[Collection(nameof(OpaDeadlineTests))]
[CollectionDefinition(nameof(OpaDeadlineTests), DisableParallelization = true)]
public sealed class OpaDeadlineTests
{
    private const int Rounds = 5;
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Promise = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("silent", 1)]
    [InlineData("silent", 32)]
    [InlineData("slow", 32)]
    [InlineData("half open", 1)]
    [InlineData("half open", 32)]
    [InlineData("unreachable", 1)]
    [InlineData("unreachable", 32)]
    [InlineData("vanished", 32)]
    public async Task Decide_NoAnswer_IsDeniedInTime(string what, int together)
    {
        using var fake = FakeOpa.Start();
        using var peer = what == "unreachable" ? await UnresponsiveOpa.UnreachableAsync() : UnresponsiveOpa.HalfOpen();
        if (what == "vanished")
            peer.Live();
        fake.Answer = _ => what == "slow" ? FakeOpa.Allow : null;
        fake.Delay = TimeSpan.FromSeconds(1);
        await using var harness = OpaFaultTests.Harness(fake, options =>
        {
            options.Address = what is "silent" or "slow" ? fake.Address : peer.Address;

            // The circuit must not shorten what is measured; pooled connections are there before the peer vanishes.
            (options.Timeout, options.CircuitMinimumCalls) = (what == "vanished" ? TimeSpan.FromSeconds(1) : Timeout, 1_000_000);
        });
        if (what == "vanished")
        {
            Assert.All(await AskAsync(harness, together), call => Assert.True(call.Decision.Allow));
            peer.Vanish();
        }

        var rounds = new List<(Decision Decision, TimeSpan Time)[]>();
        for (var i = 0; i < (what == "vanished" ? 2 : Rounds); i++)
            rounds.Add(await AskAsync(harness, together));
        var calls = rounds.SelectMany(round => round).ToArray();
        var limit = (what == "vanished" ? TimeSpan.FromSeconds(1) : Timeout) + Promise;
        Assert.DoesNotContain(calls, call => call.Decision.Allow);
        Assert.All(calls, call => Assert.True(call.Decision.IsUnavailable));
        if (what != "unreachable")
            Assert.All(calls, call => Assert.Equal([ReasonCodes.PolicyTimeout], call.Decision.Reasons));
        Assert.InRange(calls.Select(call => call.Time).Order().ElementAt(calls.Length / 2), TimeSpan.Zero, limit);
        Assert.InRange(rounds.Min(round => round.Max(call => call.Time)), TimeSpan.Zero, limit);
        Assert.InRange(calls.Max(call => call.Time), TimeSpan.Zero, limit + Noise);
    }

    [Fact]
    public async Task Decide_CircuitOpenUnderLoad_IsDeniedAtOnce()
    {
        using var peer = UnresponsiveOpa.HalfOpen();
        await using var harness = HarnessOf(peer, TimeSpan.FromMinutes(5));
        await LoadUntilAsync(harness, IsFromOpenCircuit);

        var calls = await AskAsync(harness, 500);

        Assert.All(calls, call => Assert.Equal([ReasonCodes.PolicyUnavailable], call.Decision.Reasons));
        Assert.InRange(calls.Select(call => call.Time).Order().ElementAt(calls.Length / 2), TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
        Assert.InRange(calls.Max(call => call.Time), TimeSpan.Zero, Noise);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Decide_PeerComesToLifeUnderLoad_RecoversByItself(bool vanishesAgain)
    {
        using var peer = UnresponsiveOpa.HalfOpen();
        await using var harness = HarnessOf(peer, TimeSpan.FromMilliseconds(500));
        Assert.DoesNotContain(await LoadUntilAsync(harness, IsFromOpenCircuit), decision => decision.Allow);

        peer.Live();
        await LoadUntilAsync(harness, static decision => decision.Allow);
        Assert.All(await AskAsync(harness, 8), call => Assert.True(call.Decision.Allow));
        if (!vanishesAgain)
            return;
        peer.Vanish();
        await LoadUntilAsync(harness, IsFromOpenCircuit);
        peer.Live();
        await LoadUntilAsync(harness, static decision => decision.Allow);
        Assert.All(await AskAsync(harness, 8), call => Assert.True(call.Decision.Allow));
    }

    /// <summary>Of the connection that is silent, a denial says <c>policy_timeout</c>.</summary>
    private static bool IsFromOpenCircuit(Decision decision) => decision.Reasons.Contains(ReasonCodes.PolicyUnavailable);

    private static DecisionHarness HarnessOf(UnresponsiveOpa peer, TimeSpan circuitBreak) => new(options =>
    {
        options.Engine = "Opa";
        (options.Opa.Address, options.Opa.Timeout) = (peer.Address, TimeSpan.FromMilliseconds(300));
        (options.Opa.CircuitBreak, options.Opa.CircuitWindow) = (circuitBreak, TimeSpan.FromSeconds(1));
    });

    /// <summary>The same question from many callers at once, and how long each waited.</summary>
    private static Task<(Decision Decision, TimeSpan Time)[]> AskAsync(DecisionHarness harness, int together) => Task.WhenAll(Enumerable.Range(0, together).Select(async _ =>
    {
        var started = Stopwatch.GetTimestamp();
        return (await harness.DecideAsync(), Stopwatch.GetElapsedTime(started));
    }));

    /// <summary>Eight callers that ask all the time, until one has got a certain answer.</summary>
    private static async Task<IReadOnlyCollection<Decision>> LoadUntilAsync(DecisionHarness harness, Func<Decision, bool> isWanted)
    {
        var (decisions, deadline) = (new ConcurrentQueue<Decision>(), Environment.TickCount64 + 20_000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!decisions.Any(isWanted))
            {
                Assert.True(Environment.TickCount64 < deadline, "nobody got that answer");
                decisions.Enqueue(await harness.DecideAsync());
                await Task.Delay(5);
            }
        }));
        return decisions;
    }
}
