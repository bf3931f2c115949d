using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit.Canonical;
using ToolGateway.Audit.Checkpoints;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>Opens a log: takes its directory, repairs its end, closes the calls that a crash left open, and records the start.</summary>
internal sealed partial class LogOpener(AuditSettings settings, SegmentStorage storage, AuditMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>Most ids in one recovery record.</summary>
    private const int ClosedPerRecord = 1000;

    /// <exception cref="AuditStartException">The directory is taken, or something in it cannot be used.</exception>
    public async Task<OpenedLog> OpenAsync(CancellationToken cancellation)
    {
        DirectoryLock? taken = null;
        try
        {
            CreateDirectory(settings.Directory);
            taken = await DirectoryLock.TakeAsync(settings.Directory, settings.LockWait, time, () => Log.Waiting(logger, settings.Directory, settings.LockWait), cancellation)
                    .ConfigureAwait(false)
                ?? throw new AuditStartException(
                    $"Audit:Path '{settings.Directory}' is in use: another process holds {SegmentNames.Lock} in it and did not let go within {settings.LockWait.TotalSeconds:0} s; stop that process, or give this instance a directory of its own");
            return Open(taken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            throw new AuditStartException($"Audit:Path '{settings.Directory}' cannot be used ({e.Message}); give a directory that this process may write to", e);
        }
        catch (AuditStartException)
        {
            taken?.Dispose();
            throw;
        }
    }

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
    }

    private OpenedLog Open(DirectoryLock taken)
    {
        var key = KeyFiles.Signing(settings.SigningKeyPath);
        var digest = new ArgumentDigest(KeyFiles.Digest(settings.DigestKeyPath));
        var context = new AuditContext(settings, storage, key, metrics, time, logger);
        new CheckpointPublisher(settings, metrics, logger).PublishKey(key);
        var tail = LogTail.Read(settings.Directory);
        var torn = SetAside(tail);
        var (chain, missing, found) = Chain(tail);
        var segment = storage.Open(tail.Segment ?? Path.Combine(settings.Directory, SegmentNames.Segment(chain.Seq + 1)));
        DirectorySync.Flush(settings.Directory);
        var queue = new AuditQueue(settings.Options.QueueLimit, Math.Max(2, settings.Options.QueueLimit / 8));
        var pool = new AuditEntryPool();
        var age = tail.SegmentBegan is { } began && time.GetUtcNow() - began is var elapsed && elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero;
        var writer = new AuditWriter(context, queue, pool, chain, segment, age);
        metrics.ObserveQueue(() => queue.Count);
        var opened = new OpenedLog(context, taken, writer, queue, pool, digest);
        if (!Recover(writer, tail, torn, missing, found) || !Start(writer, key, digest))
        {
            opened.Dispose();
            throw new AuditStartException($"Audit:Path '{settings.Directory}' cannot be written; free space or give a directory that this process may write to");
        }

        return opened;
    }

    /// <summary>Where to go on; what the newest checkpoint covers but the log no longer holds is left out of the numbering, so that it shows as missing.</summary>
    private (ChainState Chain, Checkpoint? Missing, long Found) Chain(LogTail tail)
    {
        var headPath = Path.Combine(settings.Directory, SegmentNames.Head);
        var head = File.Exists(headPath) ? Checkpoint.FromJson(File.ReadAllBytes(headPath)) : null;
        var found = tail.Last?.Seq ?? 0;
        var chain = tail.Last is { } last
            ? new ChainState(last.Chain, last.Seq, last.Hash)
            : head is null ? ChainState.Begin() : new ChainState(Encoding.ASCII.GetBytes(head.Chain), 0, LineFormat.NoHash);
        if (head is null || (head.Chain == chain.ChainText && head.Seq <= found))
            return (chain, null, found);
        Log.Missing(logger, settings.Directory, found, head.Seq);
        if (head.Chain == chain.ChainText)
            chain.SkipTo(head.Seq);
        return (chain, head, found);
    }

    /// <summary>Moves what is not a record from the end of the log into files beside it; a segment of which nothing remains is removed.</summary>
    private (string? File, long Bytes) SetAside(LogTail tail)
    {
        string? name = null;
        var bytes = 0L;
        foreach (var (path, goodLength) in tail.Torn)
        {
            if (new FileInfo(path).Length is var length && length > goodLength)
            {
                name = SegmentNames.Torn(tail.Last?.Seq ?? 0, time.GetUtcNow());
                MoveEnd(path, goodLength, Path.Combine(settings.Directory, name));
                bytes += length - goodLength;
            }

            if (goodLength == 0 && path != tail.Segment)
                File.Delete(path);
        }

        return (name, bytes);
    }

    private static void MoveEnd(string path, long from, string to)
    {
        using var source = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        source.Position = from;
        using (var target = new FileStream(to, FileMode.Append))
        {
            source.CopyTo(target);
            target.Flush(flushToDisk: true);
        }

        source.SetLength(from);
    }

    private bool Recover(AuditWriter writer, LogTail tail, (string? File, long Bytes) torn, Checkpoint? missing, long found)
    {
        if (!tail.Crashed && torn.Bytes == 0 && missing is null && tail.Open.Count == 0)
            return true;
        Log.Recovered(logger, settings.Directory, found, torn.Bytes, tail.Open.Count);
        var first = true;
        foreach (var ids in tail.Open.Chunk(ClosedPerRecord).DefaultIfEmpty([]))
        {
            var (file, bytes, until) = first ? (torn.File, torn.Bytes, missing) : (null, 0, null);
            if (!writer.TryWriteEvent("recovery", to => EventFormat.Recovery(to, ids, file, bytes, until, found)))
                return false;
            first = false;
        }

        return true;
    }

    private bool Start(AuditWriter writer, SigningKey key, ArgumentDigest digest)
    {
        var version = typeof(LogOpener).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return writer.TryWriteEvent("start", to => EventFormat.Start(to, version, settings.Options, key.Id, digest.KeyId));
    }

    private static partial class Log
    {
        [LoggerMessage(405, LogLevel.Warning, "The audit log {Path} is in use by another process; waiting up to {Wait} for it to let go")]
        public static partial void Waiting(ILogger logger, string path, TimeSpan wait);

        [LoggerMessage(403, LogLevel.Warning, "The audit log {Path} was not closed: it goes on after record {Seq}, {TornBytes} bytes that are no record were set aside, {Open} calls had no outcome")]
        public static partial void Recovered(ILogger logger, string path, long seq, long tornBytes, int open);

        [LoggerMessage(404, LogLevel.Critical, "The audit log {Path} ends at record {Found}, but a checkpoint was signed at record {Signed}: records are missing. Compare with a copy; the gap stays visible to verify")]
        public static partial void Missing(ILogger logger, string path, long found, long signed);
    }
}
