using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit;

namespace ToolGateway.Hosting;

/// <summary>
/// Notices changes of the configuration and its files by content, builds the next snapshot and swaps it in. A reading with errors is a refused change: logged and
/// counted once, and the last good snapshot stays.
/// </summary>
internal sealed partial class SnapshotReloader(
    SnapshotBuilder builder, SnapshotHolder holder, SnapshotReading first, SnapshotProxyConfigProvider proxy, IAuditLog audit, ReloadStatus status, ILogger<SnapshotReloader> logger)
    : BackgroundService
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(200));

    private FileSet _seen = first.Files;

    /// <summary>How often files are looked at.</summary>
    internal TimeSpan Interval
    {
        set => _timer.Period = value;
    }

    /// <summary>Records what is in effect from the start on; a log that takes nothing is no reason to listen.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await RecordAsync(null, holder.Current, cancellationToken).ConfigureAwait(false))
            throw new InvalidOperationException("the audit log does not take records; the gateway does not start");
        _seen.ReleaseContents();
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                if (!_seen.IsUnchanged())
                    await ReloadAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                // A bug in reading must not end the watch: the last good snapshot stays, and the next change is tried.
                status.Refused([$"reload failed: {e.Message}"]);
                Log.ReloadFailed(logger, e);
            }
        }
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    private async Task ReloadAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var current = holder.Current;
        var reading = builder.Read(current);
        if (reading.Snapshot is not { } next)
        {
            _seen = reading.Files;
            reading.Files.ReleaseContents();
            status.Refused([.. reading.Errors.Select(error => error.ToString())]);
            foreach (var error in reading.Errors)
                Log.Refused(logger, error);
            return;
        }

        // Not seen yet when the change cannot be recorded: the next tick tries again.
        if (!await RecordAsync(current, next, cancellation).ConfigureAwait(false))
        {
            status.Refused(["the change could not be recorded in the audit log; it is tried again"]);
            return;
        }

        if (await proxy.PrepareAsync(next, cancellation).ConfigureAwait(false) is { } refusal)
        {
            _seen = reading.Files;
            status.Refused([refusal]);
            Log.Refused(logger, new ConfigurationError(ToolGatewayOptions.Section, null, refusal));
            return;
        }

        _seen = reading.Files;
        reading.Files.ReleaseContents();
        WarnAboutFixedSections(current.Options, next.Options);
        holder.Swap(next);
        status.Accepted(next);
        Log.Reloaded(logger, next.ConfigurationRevision, next.Policy?.Revision ?? "none", Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async ValueTask<bool> RecordAsync(GatewaySnapshot? current, GatewaySnapshot next, CancellationToken cancellation)
    {
        foreach (var change in SnapshotChanges.Between(current, next))
        {
            if (!await audit.ChangeAsync(change, cancellation).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    private void WarnAboutFixedSections(ToolGatewayOptions current, ToolGatewayOptions next)
    {
        foreach (var section in FixedSections.Changed(current, next))
            Log.NeedsRestart(logger, section);
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Information, "Configuration {ConfigurationRevision} with policy {PolicyRevision} is in effect after {Milliseconds:0} ms")]
        public static partial void Reloaded(ILogger logger, string configurationRevision, string policyRevision, double milliseconds);

        [LoggerMessage(101, LogLevel.Error, "Change refused, the last good configuration stays: {Error}")]
        public static partial void Refused(ILogger logger, ConfigurationError error);

        [LoggerMessage(102, LogLevel.Warning, "A change in section {Section} takes effect after a restart")]
        public static partial void NeedsRestart(ILogger logger, string section);

        [LoggerMessage(103, LogLevel.Error, "Reading the configuration failed; the last good one stays")]
        public static partial void ReloadFailed(ILogger logger, Exception exception);
    }
}
