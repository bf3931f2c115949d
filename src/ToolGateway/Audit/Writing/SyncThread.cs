using ToolGateway.Audit.Checkpoints;

namespace ToolGateway.Audit.Writing;

/// <summary>
/// Waits for the disk so that the writer need not: everything that came while one flush ran is answered by the next one (group commit). A checkpoint is
/// published only when what it covers is on disk.
/// </summary>
internal sealed class SyncThread : IDisposable
{
    private readonly object _gate = new();
    private readonly Thread _thread;
    private readonly CheckpointPublisher _publisher;
    private readonly Action<AuditEntry?, bool> _done;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private List<Work> _waiting = [];
    private long _busySince;
    private bool _stopping;

    /// <param name="done">Called for each entry with whether it is on disk.</param>
    /// <param name="failed">Called when a flush failed.</param>
    public SyncThread(CheckpointPublisher publisher, Action<AuditEntry?, bool> done, Action<Exception> failed, TimeProvider time)
    {
        (_publisher, _done, _failed, _time) = (publisher, done, failed, time);
        _thread = new Thread(Run) { IsBackground = true, Name = "audit sync" };
        _thread.Start();
    }

    /// <summary>How long the flush that runs now has run.</summary>
    public TimeSpan BusyFor => Volatile.Read(ref _busySince) is var since && since != 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Add(AuditEntry entry, SegmentFile segment) => Add(new Work(WorkKind.Flush, segment, entry));

    public void Publish(Checkpoint checkpoint, SegmentFile segment) => Add(new Work(WorkKind.Flush, segment, Checkpoint: checkpoint));

    /// <summary>Begins to write what a flush will ask for.</summary>
    public void WriteOut(SegmentFile segment) => Add(new Work(WorkKind.WriteOut, segment));

    /// <summary>Flushes and closes a segment that is complete.</summary>
    public void Retire(SegmentFile segment) => Add(new Work(WorkKind.Retire, segment));

    /// <summary>Finishes what was added and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Add(Work work)
    {
        lock (_gate)
        {
            _waiting.Add(work);
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        var batch = new List<Work>();
        while (true)
        {
            lock (_gate)
            {
                while (_waiting.Count == 0 && !_stopping)
                    Monitor.Wait(_gate);
                if (_waiting.Count == 0)
                    return;
                (batch, _waiting) = (_waiting, batch);
            }

            Volatile.Write(ref _busySince, _time.GetTimestamp());
            Process(batch);
            Volatile.Write(ref _busySince, 0);
            batch.Clear();
        }
    }

    private void Process(List<Work> batch)
    {
        SegmentFile? flushed = null;
        var good = false;
        foreach (var work in batch)
        {
            if (work.Kind == WorkKind.WriteOut)
            {
                work.Segment.WriteOut();
                continue;
            }

            if (!ReferenceEquals(work.Segment, flushed))
                (flushed, good) = (work.Segment, TryFlush(work.Segment));
            if (work.Entry is not null)
                _done(work.Entry, good);
            if (work.Checkpoint is not null && good)
                _publisher.Publish(work.Checkpoint);
            if (work.Kind == WorkKind.Retire)
                work.Segment.Dispose();
        }
    }

    private bool TryFlush(SegmentFile segment)
    {
        try
        {
            segment.Sync();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _failed(e);
            return false;
        }
    }

    private enum WorkKind
    {
        WriteOut,
        Flush,
        Retire,
    }

    private readonly record struct Work(WorkKind Kind, SegmentFile Segment, AuditEntry? Entry = null, Checkpoint? Checkpoint = null);
}
