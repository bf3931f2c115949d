using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit.Reading;

namespace ToolGateway.Audit.Shipping;

/// <summary>
/// Reads the log behind the writer and sends it on, at least once: the position moves only when records were taken. It shares nothing with calls but the files.
/// </summary>
internal sealed partial class AuditShipper(
    AuditSettings settings, Func<OtlpLogSink?> connect, AuditMetrics metrics, ILogger<AuditShipper> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stopping)
    {
        using var sink = connect();
        if (sink is null)
            return;
        var pause = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                pause = Ship(sink, stopping) ? TimeSpan.Zero : Longer(pause);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever is wrong with what is shipped must not end the shipping, which would stop the gateway.
                pause = Longer(pause);
                Log.Failed(logger, e.Message);
            }

            if (pause > TimeSpan.Zero)
            {
                metrics.Failed("ship");
                stopping.WaitHandle.WaitOne(pause);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) =>
        TimeSpan.FromMilliseconds(Math.Clamp(pause.TotalMilliseconds * 2, Poll.TotalMilliseconds, LongestPause.TotalMilliseconds));

    /// <summary>Ships from the kept position until stopped. False: a batch was not taken, and the next call begins with it again.</summary>
    private bool Ship(OtlpLogSink sink, CancellationToken stopping)
    {
        using var cursor = new LogCursor(settings.Directory);
        if (ShippingPosition.Load(settings.Directory) is { } kept && !cursor.TrySeek(kept.Segment, kept.Position))
            Log.PositionLost(logger, kept.Segment, kept.Position);
        while (!stopping.IsCancellationRequested)
        {
            var count = 0;
            while (count < OtlpLogSink.MaxRecords && cursor.TryRead(out var line))
            {
                sink.Add(line);
                count++;
            }

            if (count == 0)
            {
                stopping.WaitHandle.WaitOne(Poll);
                continue;
            }

            if (!sink.TrySend(SendTimeout))
            {
                Log.NotTaken(logger, count);
                return false;
            }

            new ShippingPosition(cursor.Segment!, cursor.Position).Save(settings.Directory);
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(406, LogLevel.Warning, "{Count} audit records were not taken by the OTLP endpoint; they are sent again")]
        public static partial void NotTaken(ILogger logger, int count);

        [LoggerMessage(407, LogLevel.Warning, "Audit records cannot be shipped now: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(408, LogLevel.Warning, "The audit log was shipped up to {Position} in {Segment}, which is no longer there; shipping begins with the oldest record kept")]
        public static partial void PositionLost(ILogger logger, string segment, long position);
    }
}
