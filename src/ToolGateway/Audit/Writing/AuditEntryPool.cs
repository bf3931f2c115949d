namespace ToolGateway.Audit.Writing;

/// <summary>All entries there are. It knows the ones in use too, so that waits past their deadline can be ended wherever the entry is stuck.</summary>
internal sealed class AuditEntryPool
{
    private readonly Lock _gate = new();
    private readonly Stack<AuditEntry> _free = [];
    private readonly List<AuditEntry> _all = [];

    public AuditEntry Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var entry))
                return entry;
            entry = new AuditEntry(this);
            _all.Add(entry);
            return entry;
        }
    }

    public void Return(AuditEntry entry)
    {
        lock (_gate)
            _free.Push(entry);
    }

    /// <summary>Answers "no" to every wait whose deadline is past; returns how many.</summary>
    public int Expire(long now)
    {
        var expired = 0;
        for (var i = 0; ; i++)
        {
            AuditEntry entry;
            lock (_gate)
            {
                if (i >= _all.Count)
                    return expired;
                entry = _all[i];
            }

            if (entry.TryExpire(now))
                expired++;
        }
    }
}
