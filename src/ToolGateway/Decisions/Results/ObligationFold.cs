namespace ToolGateway.Decisions.Results;

/// <summary>Folds a policy's obligations together: pointers are united, the smallest number wins.</summary>
internal sealed class ObligationFold
{
    /// <summary>Largest whole number that JSON readers agree on.</summary>
    private const double MaxWhole = 1L << 53;

    private List<string>? _redact;
    private List<string>? _audit;
    private long? _bytes;
    private TimeSpan? _timeout;
    private bool _synced;

    public ObligationProblem Add(in ObligationItem item)
    {
        if (item.IsInvalid || item.Type is null)
            return ObligationProblem.Invalid;
        return item.Type switch
        {
            "redact_response" => Pointers(item, ref _redact),
            "audit_arguments" => Pointers(item, ref _audit),
            "limit_response_bytes" => Bytes(item),
            "timeout_seconds" => Seconds(item),
            "audit_synced" => Synced(item),
            _ => ObligationProblem.Unsupported,
        };
    }

    public Obligations ToObligations() => new()
    {
        RedactResponse = _redact ?? (IReadOnlyList<string>)[],
        AuditArguments = _audit ?? (IReadOnlyList<string>)[],
        LimitResponseBytes = _bytes,
        Timeout = _timeout,
        AuditSynced = _synced,
    };

    private static ObligationProblem Check(in ObligationItem item, ObligationMembers wanted)
    {
        if ((item.Members & ~wanted) != 0)
            return ObligationProblem.Unsupported;
        return item.Members == wanted ? ObligationProblem.None : ObligationProblem.Invalid;
    }

    private static ObligationProblem Pointers(in ObligationItem item, ref List<string>? into)
    {
        var problem = Check(item, ObligationMembers.Pointers);
        if (problem != ObligationProblem.None)
            return problem;
        into ??= [];
        foreach (var pointer in item.Pointers!)
        {
            if (!JsonPointerText.IsValid(pointer))
                return ObligationProblem.Invalid;
            if (!into.Contains(pointer))
                into.Add(pointer);
        }

        return ObligationProblem.None;
    }

    private ObligationProblem Bytes(in ObligationItem item)
    {
        var problem = Check(item, ObligationMembers.Bytes);
        if (problem != ObligationProblem.None)
            return problem;
        if (!(item.Number >= 0 && item.Number <= MaxWhole) || item.Number != Math.Floor(item.Number))
            return ObligationProblem.Invalid;
        _bytes = Math.Min(_bytes ?? long.MaxValue, (long)item.Number);
        return ObligationProblem.None;
    }

    private ObligationProblem Seconds(in ObligationItem item)
    {
        var problem = Check(item, ObligationMembers.Seconds);
        if (problem != ObligationProblem.None)
            return problem;
        if (!(item.Number > 0))
            return ObligationProblem.Invalid;
        var timeout = TimeSpan.FromSeconds(Math.Min(item.Number, TimeSpan.FromDays(1).TotalSeconds));
        _timeout = _timeout is { } smaller && smaller < timeout ? smaller : timeout;
        return ObligationProblem.None;
    }

    private ObligationProblem Synced(in ObligationItem item)
    {
        var problem = Check(item, ObligationMembers.None);
        _synced |= problem == ObligationProblem.None;
        return problem;
    }
}

/// <summary>One obligation as it was read, before its type is known to fit its members (members come in any order).</summary>
internal struct ObligationItem
{
    public string? Type;
    public ObligationMembers Members;
    public List<string>? Pointers;
    public double Number;
    public bool IsInvalid;
}

/// <summary>The members that an obligation has beside its type.</summary>
[Flags]
internal enum ObligationMembers
{
    None = 0,
    Pointers = 1,
    Bytes = 2,
    Seconds = 4,
    Unknown = 8,
}

/// <summary>Why an obligation cannot be met.</summary>
internal enum ObligationProblem
{
    None,
    Invalid,
    Unsupported,
}
