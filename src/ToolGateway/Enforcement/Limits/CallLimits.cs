using System.Threading.RateLimiting;
using ToolGateway.Enforcement.Blocking;

namespace ToolGateway.Enforcement.Limits;

/// <summary>Rate and concurrency per source, per caller and per tool.</summary>
internal sealed class CallLimits(LimitOptions options) : IDisposable
{
    private readonly Limit _sources = new(options.PerSource);
    private readonly Limit _callers = new(options.PerCaller);
    private readonly Limit _tools = new(options.PerTool);

    public Block? AdmitSource(string address, ref CallLeases leases) => _sources.Admit(address, ref leases.Source);

    public Block? AdmitCaller(string id, ref CallLeases leases) => _callers.Admit(id, ref leases.Caller);

    public Block? AdmitTool(string name, ref CallLeases leases) => _tools.Admit(name, ref leases.Tool);

    public void Dispose()
    {
        _sources.Dispose();
        _callers.Dispose();
        _tools.Dispose();
    }

    private sealed class Limit : IDisposable
    {
        private readonly PartitionedRateLimiter<string> _rate;
        private readonly PartitionedRateLimiter<string> _concurrency;

        public Limit(RateOptions options)
        {
            _rate = Partitioned(_ => new TokenBucketRateLimiter(Bucket(options.PerSecond)));
            _concurrency = Partitioned(_ => new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.Concurrent, QueueLimit = 0 }));
        }

        public Block? Admit(string key, ref RateLimitLease? lease)
        {
            using var rate = _rate.AttemptAcquire(key);
            if (!rate.IsAcquired)
            {
                rate.TryGetMetadata(MetadataName.RetryAfter, out var retry);
                return Block.Of(
                    429, ReasonCodes.RateLimited, "Too many calls; wait as long as Retry-After says.", retryAfter: Math.Max(1, (int)Math.Ceiling(retry.TotalSeconds)));
            }

            lease = _concurrency.AttemptAcquire(key);
            return lease.IsAcquired
                ? null
                : Block.Of(429, ReasonCodes.ConcurrencyLimited, "Too many calls at the same time; wait for others to end.", retryAfter: 1);
        }

        public void Dispose()
        {
            _rate.Dispose();
            _concurrency.Dispose();
        }

        /// <summary>One factory for all keys: the library's own helpers make one for each call.</summary>
        private static PartitionedRateLimiter<string> Partitioned(Func<string, RateLimiter> factory) =>
            PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.Get(key, factory), StringComparer.Ordinal);

        /// <summary>One second's worth of calls, refilled ten times a second or, for few calls, one by one.</summary>
        private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
        {
            TokenLimit = perSecond,
            TokensPerPeriod = Math.Max(1, perSecond / 10),
            ReplenishmentPeriod = TimeSpan.FromSeconds(perSecond < 10 ? 1.0 / perSecond : 0.1),
            QueueLimit = 0,
            AutoReplenishment = false,
        };
    }
}

/// <summary>What a call holds of each concurrency limit.</summary>
internal struct CallLeases
{
    public RateLimitLease? Source;
    public RateLimitLease? Caller;
    public RateLimitLease? Tool;

    public readonly void Dispose()
    {
        Tool?.Dispose();
        Caller?.Dispose();
        Source?.Dispose();
    }
}
