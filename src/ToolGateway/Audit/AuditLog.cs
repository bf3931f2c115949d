using Microsoft.Extensions.Logging;
using ToolGateway.Audit.Records;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Audit;

/// <summary>The log: takes records from calls, and keeps the thread that writes them. Until it is opened and after it is stopped it takes nothing.</summary>
internal sealed class AuditLog(AuditSettings settings, AuditMetrics metrics, TimeProvider time, ILogger<AuditLog> logger, SegmentStorage? storage = null)
    : IAuditLog, IAsyncDisposable
{
    private readonly long _timeout = (long)(settings.Options.Timeout.TotalSeconds * time.TimestampFrequency);
    private volatile OpenedLog? _log;
    private WriterThread? _thread;

    public bool IsAvailable => _log is { } log && log.Writer.IsHealthy && _thread is { IsStalled: false };

    /// <exception cref="AuditStartException">The log cannot be used.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var opened = await new LogOpener(settings, storage ?? new SegmentStorage(), metrics, time, logger).OpenAsync(cancellation).ConfigureAwait(false);
        _thread = new WriterThread(opened);
        _log = opened;
    }

    /// <summary>Writes what waits and the end of the run, and lets the directory go.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _log, null) is not { } log)
            return;
        await _thread!.StopAsync().ConfigureAwait(false);
        log.Dispose();
    }

    /// <summary>A host that is disposed of without being stopped leaves a closed log all the same.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <remarks>
    /// A call that its client has left is recorded all the same, so <paramref name="cancellation"/> ends nothing: the wait is bounded by the timeout.
    /// </remarks>
    public ValueTask<bool> DecisionAsync(in DecisionRecord record, Durability durability, CancellationToken cancellation)
    {
        if (Opened() is not { } log)
            return new(false);
        var entry = log.Pool.Rent();
        entry.Describe(EntryKind.Decision, durability == Durability.Synced ? Durability.Synced : Durability.Written, record.DecisionId);
        log.Decisions.Write(entry.Body, record);
        return Enqueue(log, entry);
    }

    public void Outcome(in OutcomeRecord record)
    {
        if (_log is not { } log)
            return;
        var entry = log.Pool.Rent();
        entry.Describe(EntryKind.Outcome, Durability.Queued, record.DecisionId);
        OutcomeFormat.Write(entry.Body, record.RequestDigest is { } plain ? record with { RequestDigest = log.Digest.OfBody(plain) } : record);
        log.Queue.Add(entry);
    }

    public void Unidentified(in DecisionRecord decision, in OutcomeRecord outcome)
    {
        if (_log is not { } log)
            return;
        if (log.Writer.IsHealthy && log.Share.TryTake() && TryAddPair(log, decision, outcome))
            return;
        log.Share.Suppress(decision.Decision.Reasons is [var reason, ..] ? reason : "_other", decision.RemoteAddress);
    }

    public ValueTask<bool> ChangeAsync(ChangeRecord record, CancellationToken cancellation)
    {
        if (Opened() is not { } log)
            return new(false);
        var entry = log.Pool.Rent();
        entry.Describe(EntryKind.Change, Durability.Synced, null);
        EventFormat.Head(entry.Body, time.GetUtcNow(), "change", settings.Instance);
        EventFormat.Change(entry.Body, record);
        return Enqueue(log, entry);
    }

    private static bool TryAddPair(OpenedLog log, in DecisionRecord decision, in OutcomeRecord outcome)
    {
        var (first, second) = (log.Pool.Rent(), log.Pool.Rent());
        first.Describe(EntryKind.Decision, Durability.Queued, null);
        log.Decisions.Write(first.Body, decision);
        second.Describe(EntryKind.Outcome, Durability.Queued, null);
        OutcomeFormat.Write(second.Body, outcome);
        log.Share.Charge(first.Body.Length + second.Body.Length);
        if (log.Queue.TryAddUnidentified(first, second))
            return true;
        first.Release();
        second.Release();
        return false;
    }

    private OpenedLog? Opened()
    {
        var log = _log;
        if (log is null || log.Writer.IsHealthy)
            return log;
        log.Writer.CountLost();
        metrics.Failed("unavailable");
        return null;
    }

    private ValueTask<bool> Enqueue(OpenedLog log, AuditEntry entry)
    {
        var wait = entry.Arm(time.GetTimestamp() + _timeout);
        if (log.Queue.TryAdd(entry))
        {
            log.Drain.Request();
            return wait;
        }

        metrics.Failed("queue_full");
        log.Writer.CountLost();
        entry.TryFinish(false);
        entry.Release();
        return wait;
    }
}
