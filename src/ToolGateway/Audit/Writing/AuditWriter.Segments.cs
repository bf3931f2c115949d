using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <content>Segments: the next one, and coming back after a failure.</content>
internal sealed partial class AuditWriter
{
    private bool TryResume()
    {
        try
        {
            _segment.Repair();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        // The probe is a record: it is written only when something can be. A segment begins with the calls that are open.
        var lost = Volatile.Read(ref _lost);
        if ((_rotateOnResume && !OpenNext()) || !(_segment.Length > 0 ? WriteLost(lost) : WriteCheckpoint(_open)))
            return false;
        _rotateOnResume = false;
        _healthy = true;
        Log.Resumed(_context.Logger, _segment.Path, lost);
        return true;
    }

    /// <summary>Says in the log that calls could not be recorded, and were blocked for it.</summary>
    private void TellLost()
    {
        var lost = Volatile.Read(ref _lost);
        if (lost > 0)
            WriteLost(lost);
    }

    private bool WriteLost(int lost)
    {
        if (!WriteEvent("suppressed", to => SuppressedFormat.Lost(to, lost)))
            return false;
        Interlocked.Add(ref _lost, -lost);
        return true;
    }

    private void Rotate()
    {
        if (OpenNext() && WriteCheckpoint(_open))
            Prune();
    }

    private bool OpenNext()
    {
        try
        {
            var next = _context.Storage.Open(Path.Combine(_context.Settings.Directory, SegmentNames.Segment(_chain.Seq + 1)));
            DirectorySync.Flush(_context.Settings.Directory);
            _sync.Retire(_segment);
            _segment = next;
            Segments++;
            _segmentBegan = _context.Time.GetTimestamp();
            _segmentAgeAtStart = TimeSpan.Zero;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failed("write", e);
            return false;
        }
    }

    /// <summary>Removes whole segments that are older than the retention asks for, after the log says so.</summary>
    private void Prune()
    {
        if (_context.Settings.Options.Retention is not { } retention)
            return;
        try
        {
            foreach (var old in Retention.Expired(_context.Settings.Directory, _context.Now() - retention))
            {
                if (!WriteEvent("pruned", to => EventFormat.Pruned(to, Path.GetFileName(old.Path), old.FirstSeq, old.LastSeq, old.LastHash)))
                    return;
                _segment.Sync();
                File.Delete(old.Path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again with the next segment.
            _context.Metrics.Failed("prune");
        }
    }
}
