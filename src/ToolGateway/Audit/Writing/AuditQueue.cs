namespace ToolGateway.Audit.Writing;

/// <summary>
/// Records that wait for the writer. Those of identified and of unidentified calls wait apart, each within a limit of its own; outcomes are always taken, since
/// each follows a decision that was.
/// </summary>
internal sealed class AuditQueue(int limit, int unidentifiedLimit)
{
    /// <summary>How long records that nobody waits for may gather before the writer looks at them.</summary>
    private const int LingerMilliseconds = 10;

    private readonly object _gate = new();
    private readonly List<AuditEntry> _unidentified = [];
    private List<AuditEntry> _identified = [];
    private int _waitedFor;
    private bool _urgent;
    private bool _asleep;
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_gate)
                return _identified.Count + _unidentified.Count;
        }
    }

    /// <summary>Takes an entry that a caller waits for, who also asks for it to be written. False: too many wait already.</summary>
    public bool TryAdd(AuditEntry entry)
    {
        lock (_gate)
        {
            if (_closed || _waitedFor >= limit)
                return false;
            _waitedFor++;
            _identified.Add(entry);
            return true;
        }
    }

    /// <summary>Takes an entry that nobody waits for.</summary>
    public void Add(AuditEntry entry)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _identified.Add(entry);
                Wake();
                return;
            }
        }

        entry.Release();
    }

    /// <summary>Takes both records of an unidentified call, or neither.</summary>
    public bool TryAddUnidentified(AuditEntry decision, AuditEntry outcome)
    {
        lock (_gate)
        {
            if (_closed || _unidentified.Count + 2 > unidentifiedLimit)
                return false;
            _unidentified.Add(decision);
            _unidentified.Add(outcome);
            Wake();
            return true;
        }
    }

    /// <summary>Puts entries back before all others, in their order.</summary>
    public void PutBack(IEnumerable<AuditEntry> entries)
    {
        lock (_gate)
            _identified.InsertRange(0, entries);
    }

    /// <summary>Moves everything into <paramref name="batch"/>, which must be empty: identified calls first.</summary>
    public List<AuditEntry> Take(List<AuditEntry> batch)
    {
        lock (_gate)
        {
            (batch, _identified) = (_identified, batch);
            batch.AddRange(_unidentified);
            _unidentified.Clear();
            _waitedFor = 0;
            return batch;
        }
    }

    /// <summary>Takes nothing more; what is in it can still be taken out.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
    }

    /// <summary>Wakes the writer's own thread, whatever is queued.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            _urgent = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until there is something to do or the time is over.</summary>
    public void Wait(int milliseconds)
    {
        lock (_gate)
        {
            if (!_urgent && _identified.Count + _unidentified.Count == 0)
            {
                _asleep = true;
                Monitor.Wait(_gate, milliseconds);
                _asleep = false;
            }

            if (!_urgent && _identified.Count + _unidentified.Count > 0)
                Monitor.Wait(_gate, LingerMilliseconds);
            _urgent = false;
        }
    }

    private void Wake()
    {
        if (!_asleep)
            return;
        _asleep = false;
        Monitor.Pulse(_gate);
    }
}
