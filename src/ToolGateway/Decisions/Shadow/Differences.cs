namespace ToolGateway.Decisions.Shadow;

/// <summary>The differences between one candidate and what was in effect beside it: bounded, and kept in memory only.</summary>
internal sealed class Differences
{
    /// <summary>More kinds than anybody reads; beyond, they are counted together.</summary>
    public const int MaxKinds = 1000;

    private readonly Lock _lock = new();
    private readonly Tally<DifferenceKind> _kinds = new(MaxKinds);

    public long Same { get; private set; }

    public long Different { get; private set; }

    public long Unavailable { get; private set; }

    /// <summary>Differences of kinds that found no place.</summary>
    public long Unlisted => _kinds.Unlisted;

    /// <summary>Takes a comparison. True: it is a difference of a kind that was not seen before.</summary>
    public bool Add(DifferenceKind kind, DateTimeOffset time, string decision)
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
                    return _kinds.Add(kind, time, decision);
            }
        }
    }

    /// <summary>All kinds, the most frequent first.</summary>
    public IReadOnlyList<Seen<DifferenceKind>> List()
    {
        lock (_lock)
            return _kinds.List();
    }
}
