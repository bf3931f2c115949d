using ToolGateway.Enforcement;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Enforcement.Limits;

namespace ToolGateway.Tests.Enforcement.Limits;

public sealed class KeyedLimitTests
{
    private readonly StoppedClock _clock = new();

    [Fact]
    public void Admit_ABurst_IsOneSecondsWorth()
    {
        var limit = Limit(perSecond: 5);
        Assert.Equal(5, AdmitAll(limit, "a", 20));
        Assert.Equal(5, AdmitAll(limit, "b", 20));
    }

    [Fact]
    public void Admit_AfterABurst_LetsCallsInAtTheRate()
    {
        var limit = Limit(perSecond: 5);
        AdmitAll(limit, "a", 5);
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.199));
            Assert.Equal(ReasonCodes.RateLimited, Admit(limit, "a")?.Reason);
            _clock.Advance(TimeSpan.FromSeconds(0.001));
            Assert.Null(Admit(limit, "a"));
        }
    }

    [Fact]
    public void Admit_LongSilence_EarnsNoMoreThanOneBurst()
    {
        var limit = Limit(perSecond: 5);
        Admit(limit, "a");
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, AdmitAll(limit, "a", 20));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20_000)]
    [InlineData(int.MaxValue)]
    public void Admit_OverTheRate_IsRefusedForWholeSecondsUpToOne(int perSecond)
    {
        var limit = Limit(perSecond, concurrent: int.MaxValue);
        Block? refusal = null;
        for (var i = 0; i <= Math.Min(perSecond, 20_000); i++)
            refusal = Admit(limit, "a");
        if (perSecond > 20_000)
            Assert.Null(refusal);
        else
            Assert.Equal((429, ReasonCodes.RateLimited, 1), (refusal!.Status, refusal.Reason, refusal.RetryAfter));
    }

    [Fact]
    public void Admit_TooManyAtTheSameTime_IsRefusedUntilOneLeaves()
    {
        var limit = Limit(perSecond: 1_000, concurrent: 2);
        Usage? first = null, second = null, third = null;
        Assert.Null(limit.Admit("a", ref first));
        Assert.Null(limit.Admit("a", ref second));
        Assert.Equal(ReasonCodes.ConcurrencyLimited, limit.Admit("a", ref third)?.Reason);
        Assert.Null(third);
        Assert.Null(Admit(limit, "b"));
        second!.Leave();
        Assert.Null(limit.Admit("a", ref third));
    }

    [Fact]
    public async Task Admit_FromManyThreads_LetsInExactlyWhatMayBe()
    {
        var limit = Limit(perSecond: 100_000, concurrent: 700);
        Usage? other = null;
        var admitted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var count = 0;
                for (var i = 0; i < 1_000; i++)
                    count += Admit(limit, "a") is null ? 1 : 0;
                return count;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(700, admitted.Sum());
        Assert.Equal(ReasonCodes.ConcurrencyLimited, limit.Admit("a", ref other)?.Reason);

        var rated = Limit(perSecond: 700, concurrent: 100_000);
        admitted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => AdmitAll(rated, "a", 1_000), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(700, admitted.Sum());
    }

    [Fact]
    public void Sweep_ForgetsKeysThatNothingIsKnownOf()
    {
        var limit = Limit(perSecond: 5);
        Usage? open = null;
        Assert.Null(limit.Admit("open", ref open));
        Assert.Null(limit.Admit("closed", ref open));
        open!.Leave();
        AdmitAll(limit, "spent", 5);
        limit.Sweep();
        Assert.Equal(3, limit.Count);
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        limit.Sweep();
        Assert.Equal(2, limit.Count);
        _clock.Advance(TimeSpan.FromHours(1));
        limit.Sweep();
        Assert.Equal(2, limit.Count);
        Assert.Null(limit.Admit("closed", ref open));
        Assert.Equal(3, limit.Count);
    }

    [Fact]
    public async Task Admit_WhileKeysAreForgotten_LosesNoLease()
    {
        // A clock that leaps makes every key one to forget as soon as its call has left.
        var limit = new KeyedLimit(new RateOptions { PerSecond = 1_000_000, Concurrent = 4 }, _clock);
        using var over = new CancellationTokenSource();
        var sweeping = Task.Factory.StartNew(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    _clock.Advance(TimeSpan.FromSeconds(2));
                    limit.Sweep();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 100_000; i++)
                {
                    // The clock leaps between its reading and the rate's, so some are refused.
                    Usage? lease = null;
                    limit.Admit("a", ref lease);
                    lease?.Leave();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await over.CancelAsync();
        await sweeping;
        _clock.Advance(TimeSpan.FromSeconds(2));
        limit.Sweep();
        Assert.Equal(0, limit.Count);
    }

    private KeyedLimit Limit(int perSecond, int concurrent = 1_000_000) => new(new RateOptions { PerSecond = perSecond, Concurrent = concurrent }, _clock);

    private static Block? Admit(KeyedLimit limit, string key)
    {
        Usage? lease = null;
        return limit.Admit(key, ref lease);
    }

    private static int AdmitAll(KeyedLimit limit, string key, int calls)
    {
        var admitted = 0;
        for (var i = 0; i < calls; i++)
            admitted += Admit(limit, key) is null ? 1 : 0;
        return admitted;
    }

    private sealed class StoppedClock : TimeProvider
    {
        private long _now = System.GetTimestamp();

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => Interlocked.Read(ref _now);
    }
}
