namespace ToolGateway.Enforcement.Limits;

/// <summary>What one key has used of its rate and its concurrency. Without a lock: two numbers, each changed at once.</summary>
internal sealed class Usage
{
    /// <summary>The call is within the rate.</summary>
    public const long Taken = 0;

    /// <summary>The key was forgotten meanwhile; there is a newer usage, or none.</summary>
    public const long Retired = -1;

    private const long Never = long.MinValue;

    // When everything that was taken has been paid for at the key's rate. It runs ahead of the time by what a burst has used.
    private long _paidAt;
    private int _open;

    /// <summary>Takes one call from the rate. More than <see cref="Taken"/>: nothing was taken, and this is how long to wait, in timestamp ticks.</summary>
    /// <param name="perCall">Ticks between two calls at the rate.</param>
    /// <param name="burst">How many ticks the calls may be ahead of the rate.</param>
    public long Take(long now, long perCall, long burst)
    {
        var paidAt = Volatile.Read(ref _paidAt);
        while (true)
        {
            if (paidAt == Never)
                return Retired;
            var next = Math.Max(paidAt, now) + perCall;
            if (next - now > burst)
                return next - now - burst;
            var seen = Interlocked.CompareExchange(ref _paidAt, next, paidAt);
            if (seen == paidAt)
                return Taken;
            paidAt = seen;
        }
    }

    /// <summary>One call more that is open, unless there are as many as may be.</summary>
    public bool TryEnter(int limit)
    {
        if (Interlocked.Increment(ref _open) <= limit)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>Ends the usage when a new one would be the same: no call is open, and none was taken since <paramref name="since"/>, which is past.</summary>
    public bool TryRetire(long since)
    {
        var paidAt = Volatile.Read(ref _paidAt);
        return paidAt < since && Volatile.Read(ref _open) == 0 && Interlocked.CompareExchange(ref _paidAt, Never, paidAt) == paidAt;
    }
}
