namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>
/// When to ask again: at random between two bounds, so that replicas do not ask in step; at once after a long poll; after failures doubling from a second, never rarer
/// than the upper bound.
/// </summary>
internal sealed class PollSchedule(BundleOptions options, Func<double> random)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <summary>Shortest time between two questions, whatever the service answers: one that does not hold its answer must not be asked in a circle.</summary>
    private static readonly TimeSpan Floor = TimeSpan.FromSeconds(1);

    private int _failures;

    /// <summary>Time to wait after an answer that took <paramref name="elapsed"/>.</summary>
    public TimeSpan Next(BundleAnswer answer, TimeSpan elapsed)
    {
        _failures = answer.IsGood ? 0 : Math.Min(_failures + 1, 30);
        if (_failures > 0)
            return Least(options.MaxDelay, FirstRetry * Math.Pow(2, _failures - 1)) * (0.5 + (random() / 2));
        if (!answer.IsLongPoll)
            return options.MinDelay + ((options.MaxDelay - options.MinDelay) * random());
        var rest = Least(Floor, options.MaxDelay) - elapsed;
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
