namespace ToolGateway.Decisions.Shadow;

/// <summary>How often each kind of thing was seen, for so many kinds and no more. Not for several threads at once.</summary>
internal sealed class Tally<TKind>(int maxKinds)
    where TKind : notnull
{
    private readonly Dictionary<TKind, Seen<TKind>> _kinds = [];

    /// <summary>What was of kinds that found no place.</summary>
    public long Unlisted { get; private set; }

    /// <summary>Takes note of one. True: it is the first of its kind.</summary>
    public bool Add(TKind kind, DateTimeOffset time, string decision)
    {
        if (_kinds.TryGetValue(kind, out var known))
        {
            _kinds[kind] = known with { Count = known.Count + 1, Last = time, LastDecision = decision };
            return false;
        }

        if (_kinds.Count == maxKinds)
        {
            Unlisted++;
            return false;
        }

        _kinds[kind] = new Seen<TKind>(kind, 1, time, time, decision);
        return true;
    }

    /// <summary>All kinds, the most frequent first.</summary>
    public IReadOnlyList<Seen<TKind>> List() => [.. _kinds.Values.OrderByDescending(seen => seen.Count).ThenBy(seen => seen.First)];
}

/// <summary>One kind.</summary>
/// <param name="First">Time of the first one's call.</param>
/// <param name="LastDecision">Id of the last one's decision, for the audit log.</param>
internal sealed record Seen<TKind>(TKind Kind, long Count, DateTimeOffset First, DateTimeOffset Last, string LastDecision);
