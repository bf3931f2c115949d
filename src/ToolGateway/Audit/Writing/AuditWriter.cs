using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>
/// The only one that writes: takes what waits as one batch, chains it, and hands it to the kernel in one call. After a failure it refuses everything until a
/// write succeeds again.
/// </summary>
internal sealed partial class AuditWriter : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RecordBuffer _lines = new(4 << 20);
    private readonly RecordBuffer _event = new();
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly AuditQueue _queue;
    private readonly AuditEntryPool _pool;
    private readonly AuditContext _context;
    private readonly SyncThread _sync;
    private readonly ChainState _chain;
    private List<AuditEntry> _batch = [];
    [SuppressMessage("Usage", "CA2213", Justification = "The sync thread disposes of it after the last flush.")]
    private SegmentFile _segment;
    private long _segmentBegan;
    private TimeSpan _segmentAgeAtStart;
    private long _checkpointAt;
    private int _sinceCheckpoint;
    private volatile bool _rotateOnResume;
    private bool _finished;
    private volatile bool _healthy = true;
    private int _lost;

    public AuditWriter(AuditContext context, AuditQueue queue, AuditEntryPool pool, ChainState chain, SegmentFile segment, TimeSpan segmentAge)
    {
        (_context, _queue, _pool, _chain, _segment, _segmentAgeAtStart) = (context, queue, pool, chain, segment, segmentAge);
        _segmentBegan = _checkpointAt = context.Time.GetTimestamp();
        _sync = new SyncThread(new Checkpoints.CheckpointPublisher(context.Settings, context.Metrics, context.Logger), Synced, SyncFailed, context.Time);
    }

    /// <summary>Whether writes succeed.</summary>
    public bool IsHealthy => _healthy;

    public TimeSpan SyncBusyFor => _sync.BusyFor;

    /// <summary>How many segments were begun.</summary>
    public int Segments { get; private set; }

    /// <summary>Counts a decision that could not be recorded; told in the log when it can be.</summary>
    public void CountLost(int count = 1) => Interlocked.Add(ref _lost, count);

    /// <summary>Writes what waits.</summary>
    /// <param name="keepOne">Leaves one of the calls that waited for <see cref="Durability.Written"/> unanswered, and returns it.</param>
    public AuditEntry? WritePending(bool keepOne = false)
    {
        lock (_lock)
            return _healthy ? WriteBatch(keepOne) : null;
    }

    /// <summary>Writes a record about the log itself. False: it could not be written.</summary>
    public bool TryWriteEvent(string type, Action<RecordBuffer> content)
    {
        lock (_lock)
            return _healthy && WriteEvent(type, content);
    }

    /// <summary>Rotation, checkpoints and coming back after a failure: what is due now.</summary>
    public void Maintain()
    {
        lock (_lock)
        {
            // Whoever was asked before the end may come after it.
            if (_finished || (!_healthy && !TryResume()))
                return;
            TellLost();
            var options = _context.Settings.Options;
            var age = _segmentAgeAtStart + _context.Time.GetElapsedTime(_segmentBegan);
            if (_segment.Length >= options.SegmentBytes || (age >= options.SegmentAge && _segment.Length > 0))
                Rotate();
            if (_sinceCheckpoint > 0
                && (_sinceCheckpoint >= options.CheckpointRecords || _context.Time.GetElapsedTime(_checkpointAt) >= options.CheckpointInterval))
            {
                WriteCheckpoint(null);
            }
        }
    }

    /// <summary>Whether enough was written for a checkpoint or a new segment.</summary>
    public bool NeedsMaintenance =>
        !_healthy || _sinceCheckpoint >= _context.Settings.Options.CheckpointRecords || _segment.Length >= _context.Settings.Options.SegmentBytes;

    /// <summary>Writes what waits, the end of the run and a last checkpoint, and waits until they are on disk.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (!_healthy)
                TryResume();
            if (_healthy)
            {
                WriteBatch(keepOne: false);
                TellLost();
                if (WriteEvent("stop", static _ => { }))
                    WriteCheckpoint(null);
            }
            else
            {
                _batch = _queue.Take(_batch);
                RefuseAll();
                _batch.Clear();
            }

            // Whoever still holds the writer finds it refusing.
            _healthy = false;
            _finished = true;
        }
    }

    public void Dispose()
    {
        _sync.Retire(_segment);
        _sync.Dispose();
        lock (_lock)
            _chain.Dispose();
    }

    /// <summary>Signs where the chain stands. With <paramref name="open"/>, as the first record of a segment.</summary>
    private bool WriteCheckpoint(IReadOnlyCollection<string>? open)
    {
        _event.Clear();
        _event.Time(_context.Time.GetUtcNow());
        var time = System.Text.Encoding.ASCII.GetString(_event.Written).Trim('"');
        var checkpoint = _context.Key.Sign(_chain.ChainText, _chain.Seq, _chain.PrevText, time);
        _event.Clear();
        EventFormat.Checkpoint(_event, checkpoint, _context.Settings.Instance, open);
        if (!AppendEvent("checkpoint"))
            return false;
        _checkpointAt = _context.Time.GetTimestamp();
        _sinceCheckpoint = 0;
        _sync.Publish(checkpoint, _segment);
        return true;
    }

    private bool WriteEvent(string type, Action<RecordBuffer> content)
    {
        _event.Clear();
        EventFormat.Head(_event, _context.Time.GetUtcNow(), type, _context.Settings.Instance);
        content(_event);
        return AppendEvent(type);
    }

    private bool AppendEvent(string type)
    {
        _chain.Save();
        _lines.Clear();
        _chain.Append(_lines, _event.Written);
        if (!TryAppend())
            return false;
        _sinceCheckpoint++;
        _context.Metrics.Written(type, 1);
        return true;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a file system throws, the log must refuse records until it writes again.")]
    private bool TryAppend()
    {
        try
        {
            var pieces = _segment.Pieces;
            _segment.Append(_lines.Written);
            if (_segment.Pieces > pieces)
                _sync.WriteOut(_segment);
            return true;
        }
        catch (Exception e)
        {
            _chain.Restore();
            Failed("write", e);
            return false;
        }
    }

    private void Failed(string kind, Exception e)
    {
        _context.Metrics.Failed(kind);
        if (_healthy)
            Log.Unavailable(_context.Logger, _segment.Path, e.Message);
        _healthy = false;
    }

    private void SyncFailed(Exception e)
    {
        // What the kernel failed to write may be gone from its memory too, so nothing more is put into this file: said before anybody can resume.
        _rotateOnResume = true;
        Failed("sync", e);
    }

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Critical, "The audit log {Path} cannot be written: {Reason}. Calls are blocked until it can; free space or repair the disk")]
        public static partial void Unavailable(ILogger logger, string path, string reason);

        [LoggerMessage(402, LogLevel.Warning, "The audit log {Path} is written again; {Lost} calls were blocked meanwhile")]
        public static partial void Resumed(ILogger logger, string path, int lost);
    }
}
