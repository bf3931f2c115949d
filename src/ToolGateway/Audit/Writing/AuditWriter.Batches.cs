using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <content>Batches and what becomes of their entries.</content>
internal sealed partial class AuditWriter
{
    private AuditEntry? WriteBatch(bool keepOne)
    {
        _batch = _queue.Take(_batch);
        if (_batch.Count == 0)
            return null;
        DropExpired();
        _chain.Save();
        _lines.Clear();
        foreach (var entry in _batch)
            _chain.Append(_lines, entry.Body.Written);
        AuditEntry? kept = null;
        if (TryAppend())
            kept = SettleAll(keepOne);
        else
            RefuseAll();
        _batch.Clear();
        return kept;
    }

    /// <summary>A caller that was told "no" is not recorded as decided.</summary>
    private void DropExpired()
    {
        var kept = 0;
        for (var i = 0; i < _batch.Count; i++)
        {
            var entry = _batch[i];
            if (!entry.IsExpired)
            {
                _batch[kept++] = entry;
                continue;
            }

            CountLost();
            entry.Release();
        }

        _batch.RemoveRange(kept, _batch.Count - kept);
    }

    private AuditEntry? SettleAll(bool keepOne)
    {
        AuditEntry? kept = null;
        Span<int> counts = stackalloc int[4];
        foreach (var entry in _batch)
        {
            counts[(int)entry.Kind]++;
            if (entry.DecisionId is { } id && entry.Kind == EntryKind.Decision)
                _open.Add(id);
            else if (entry.DecisionId is { } closed && entry.Kind == EntryKind.Outcome)
                _open.Remove(closed);
            if (entry.Durability == Durability.Synced)
                _sync.Add(entry, _segment);
            else if (keepOne && kept is null && entry.Durability == Durability.Written)
                kept = entry;
            else
                Answer(entry, true);
        }

        _sinceCheckpoint += _batch.Count;
        _context.Metrics.Written("decision", counts[(int)EntryKind.Decision]);
        _context.Metrics.Written("outcome", counts[(int)EntryKind.Outcome]);
        _context.Metrics.Written("change", counts[(int)EntryKind.Change]);
        return kept;
    }

    private void Synced(AuditEntry? entry, bool good) => Answer(entry!, good);

    /// <summary>Tells the caller. A decision that stands in the log while its caller was told "no" gets the outcome that such a call has.</summary>
    /// <param name="here">Whether the caller goes on on this thread, before this returns.</param>
    public void Answer(AuditEntry entry, bool good, bool here = false)
    {
        var (kind, id) = (entry.Kind, entry.DecisionId);
        var told = entry.TryFinish(good, here);
        entry.Release();
        if (!(told && good) && kind == EntryKind.Decision && id is not null)
            CloseBlocked(id);
    }

    private void CloseBlocked(string id)
    {
        var outcome = _pool.Rent();
        outcome.Describe(EntryKind.Outcome, Durability.Queued, id);
        OutcomeFormat.Write(
            outcome.Body,
            new OutcomeRecord(id, _context.Time.GetUtcNow(), 503, null, 0, null, 0, TimeSpan.Zero, "blocked", Enforcement.ReasonCodes.AuditUnavailable));
        _queue.Add(outcome);
    }

    /// <summary>Nothing of the batch is in the file: waits end with "no", outcomes are tried again.</summary>
    private void RefuseAll()
    {
        var again = new List<AuditEntry>();
        foreach (var entry in _batch)
        {
            if (entry is { Kind: EntryKind.Outcome, DecisionId: not null })
            {
                again.Add(entry);
                continue;
            }

            if (entry.Kind == EntryKind.Decision)
                CountLost();
            entry.TryFinish(false);
            entry.Release();
        }

        _queue.PutBack(again);
    }
}
