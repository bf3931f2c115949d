using System.Collections.Concurrent;
using ToolGateway.Enforcement.Blocking;

namespace ToolGateway.Enforcement.Limits;

/// <summary>
/// Holds every key to a rate, with bursts of one second's worth, and to a number of calls at the same time. The library's partitioned limiters take one lock for all
/// calls of all keys, and make objects for each call (ADR 0016).
/// </summary>
internal sealed class KeyedLimit(RateOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Usage> _usages = new(StringComparer.Ordinal);
    private readonly long _second = time.TimestampFrequency;
    private readonly long _perCall = Math.Max(1, time.TimestampFrequency / options.PerSecond);

    /// <summary>Keys that calls came with lately.</summary>
    public int Count => _usages.Count;

    /// <summary>Lets a call in, or says why not.</summary>
    /// <param name="lease">What the call leaves when it ends; null when it was not let in.</param>
    public Block? Admit(string key, ref Usage? lease)
    {
        while (true)
        {
            var usage = _usages.TryGetValue(key, out var known) ? known : _usages.GetOrAdd(key, static _ => new Usage());
            switch (usage.Take(time.GetTimestamp(), _perCall, _second))
            {
                case Usage.Taken when usage.TryEnter(options.Concurrent):
                    lease = usage;
                    return null;
                case Usage.Taken:
                    return Block.Of(429, ReasonCodes.ConcurrencyLimited, "Too many calls at the same time; wait for others to end.", retryAfter: 1);
                case Usage.Retired:
                    _usages.TryRemove(new(key, usage));
                    break;
                case var wait:
                    return Block.Of(
                        429, ReasonCodes.RateLimited, "Too many calls; wait as long as Retry-After says.", retryAfter: (int)Math.Ceiling((double)wait / _second));
            }
        }
    }

    /// <summary>Forgets the keys that nothing is known of any more: no open call, and a whole burst to spend.</summary>
    public void Sweep()
    {
        // Not at once: who has taken a call may not have entered yet.
        var since = time.GetTimestamp() - _second;
        foreach (var (key, usage) in _usages)
        {
            if (usage.TryRetire(since))
                _usages.TryRemove(new(key, usage));
        }
    }
}
