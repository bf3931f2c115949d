namespace ToolGateway.Decisions.Shadow;

/// <summary>The differences between one candidate and what was in effect beside it: bounded, and kept in memory only.</summary>
internal sealed class Differences
{
    /// <summary>More kinds than anybody reads; beyond, they are counted together.</summary>
    public const int MaxKinds = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<DifferenceKind, Difference> _kinds = [];

    public long Same { get; private set; }

    public long Different { get; private set; }

    public long Unavailable { get; private set; }

    /// <summary>Differences of kinds that found no place.</summary>
    public long Unlisted { get; private set; }

    /// <summary>Takes a comparison. True: it is a difference of a kind that was not seen before.</summary>
    public bool Add(DifferenceKind kind, DecisionInput input)
    {
        lock (_lock)
        {
            switch (kind.Change)
            {
                case Change.Same:
                    Same++;
                    return false;
                case Change.Unavailable:
                    Unavailable++;
                    return false;
                default:
                    Different++;
                    return AddDifference(kind, input);
            }
        }
    }

    /// <summary>All kinds, the most frequent first.</summary>
    public IReadOnlyList<Difference> List()
    {
        lock (_lock)
            return [.. _kinds.Values.OrderByDescending(difference => difference.Count).ThenBy(difference => difference.First)];
    }

    private bool AddDifference(DifferenceKind kind, DecisionInput input)
    {
        if (_kinds.TryGetValue(kind, out var known))
        {
            _kinds[kind] = known with { Count = known.Count + 1, Last = input.Time, LastDecision = input.Id };
            return false;
        }

        if (_kinds.Count == MaxKinds)
        {
            Unlisted++;
            return false;
        }

        _kinds[kind] = new Difference(kind, 1, input.Time, input.Time, input.Id);
        return true;
    }
}
