using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Caching;

/// <summary>The reusable decisions of one snapshot, and the evaluations under way.</summary>
internal sealed class Generation(GatewaySnapshot snapshot, TimeProvider clock, int maxEntries) : IDisposable
{
    private readonly MemoryCache _entries = new(new MemoryCacheOptions { SizeLimit = maxEntries });

    public GatewaySnapshot Snapshot { get; } = snapshot;

    public ConcurrentDictionary<DecisionKey, Task<Decision>> InFlight { get; } = new();

    public long Count => _entries.Count;

    // The age is measured with the monotonic clock: setting the wall clock back must not make decisions live longer.
    public Decision? Find(DecisionKey key) =>
        _entries.TryGetValue(key, out Entry? entry) && clock.GetElapsedTime(entry!.Stored) < entry.Lifetime ? entry.Decision : null;

    public void Add(DecisionKey key, Decision decision, TimeSpan lifetime) =>
        _entries.Set(key, new Entry(decision, clock.GetTimestamp(), lifetime), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = lifetime });

    public void Dispose() => _entries.Dispose();

    private sealed record Entry(Decision Decision, long Stored, TimeSpan Lifetime);
}
