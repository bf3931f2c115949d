using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Caching;

/// <summary>
/// Reuses decisions for as long as the policy says, within one snapshot. What is not reusable costs almost nothing: keys are made only for kinds of call
/// that gave a reusable decision lately.
/// </summary>
internal sealed class DecisionCache : IDisposable
{
    private readonly SnapshotHolder _snapshots;
    private readonly TimeProvider _clock;
    private readonly DecisionMetrics _metrics;
    private readonly DecisionCacheOptions _options;
    private readonly ReuseHints _hints = new();
    private Generation _generation;

    public DecisionCache(SnapshotHolder snapshots, TimeProvider clock, DecisionMetrics metrics)
    {
        _snapshots = snapshots;
        _clock = clock;
        _metrics = metrics;
        _options = snapshots.Current.Options.Decisions.Cache;
        _generation = new Generation(snapshots.Current, clock, _options.MaxEntries);
        metrics.ObserveEntries(() => _generation.Count);
    }

    /// <summary>The decision of an equal question, or that of <paramref name="evaluate"/>.</summary>
    /// <param name="evaluate">Evaluates. Whoever waits for it, it belongs to no caller and is not cancelled with one.</param>
    public ValueTask<Decision> GetAsync<TState>(
        GatewaySnapshot snapshot, in CacheQuestion question, TState state, Func<TState, ValueTask<Decision>> evaluate, CancellationToken cancellation)
    {
        if (_options.MaxEntries == 0 || _options.MaxSeconds == 0 || !question.Facts.CanRepeat || GenerationOf(snapshot) is not { } generation)
            return evaluate(state);
        return _hints.IsHopeful(question.Input)
            ? LookUpAsync(generation, question, state, evaluate, cancellation)
            : EvaluateAsync(generation, question, evaluate(state));
    }

    public void Dispose() => _generation.Dispose();

    /// <summary>Takes a decision that was made without a key; makes a key only when it turns out to be reusable.</summary>
    private ValueTask<Decision> EvaluateAsync(Generation generation, in CacheQuestion question, ValueTask<Decision> evaluation)
    {
        if (!evaluation.IsCompletedSuccessfully)
            return AwaitAsync(this, generation, question, evaluation);
        return new(Keep(generation, question, evaluation.Result));

        static async ValueTask<Decision> AwaitAsync(DecisionCache cache, Generation generation, CacheQuestion question, ValueTask<Decision> evaluation) =>
            cache.Keep(generation, question, await evaluation);
    }

    private Decision Keep(Generation generation, in CacheQuestion question, Decision decision)
    {
        if (decision.Lifetime > TimeSpan.Zero)
        {
            _hints.Reusable(question.Input);
            Store(generation, question, question.Key(), decision);
        }

        return decision;
    }

    private async ValueTask<Decision> LookUpAsync<TState>(
        Generation generation, CacheQuestion question, TState state, Func<TState, ValueTask<Decision>> evaluate, CancellationToken cancellation)
    {
        var key = question.Key();
        if (generation.Find(key) is { } found)
        {
            _metrics.Looked("hit");
            return found;
        }

        var mine = new TaskCompletionSource<Decision>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flight = generation.InFlight.GetOrAdd(key, mine.Task);
        if (flight != mine.Task)
        {
            _metrics.Looked("joined");
            return await flight.WaitAsync(cancellation);
        }

        _metrics.Looked("miss");
        try
        {
            var decision = await evaluate(state);
            if (decision.Lifetime > TimeSpan.Zero)
                Store(generation, question, key, decision);
            else
                _hints.NotReusable(question.Input);
            mine.SetResult(decision);
            return decision;
        }
        finally
        {
            generation.InFlight.TryRemove(new(key, mine.Task));

            // Whoever joined an evaluation that failed as a bug does must not wait for ever.
            mine.TrySetCanceled(CancellationToken.None);
        }
    }

    private void Store(Generation generation, in CacheQuestion question, DecisionKey key, Decision decision)
    {
        // A sidecar that changed its policy while it answered would put the new decision under the old key.
        if (decision.PolicyRevision != question.Revision || decision.IsUnavailable)
            return;
        var now = _clock.GetUtcNow();
        var lifetime = Least(decision.Lifetime, TimeSpan.FromSeconds(_options.MaxSeconds));
        lifetime = Least(lifetime, question.Input.Caller.Credential.Expires - now);
        if (question.Input.Caller.Agent?.ExpiresAt is { } end)
            lifetime = Least(lifetime, end - now);
        if (lifetime > TimeSpan.Zero)
            generation.Add(key, decision with { Engine = "cache", Cached = true }, lifetime);
    }

    /// <summary>The decisions of the current snapshot, a new one's are none. Null for a snapshot that was replaced: its last calls reuse nothing.</summary>
    private Generation? GenerationOf(GatewaySnapshot snapshot)
    {
        var generation = Volatile.Read(ref _generation);
        if (ReferenceEquals(generation.Snapshot, snapshot))
            return generation;
        if (!ReferenceEquals(_snapshots.Current, snapshot))
            return null;
        var next = new Generation(snapshot, _clock, _options.MaxEntries);
        return Interlocked.CompareExchange(ref _generation, next, generation) == generation ? next : null;
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
