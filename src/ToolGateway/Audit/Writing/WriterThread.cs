using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>The thread that writes what no caller waits for and does what is due, and the watchdog that ends waits when it is stuck.</summary>
internal sealed class WriterThread
{
    private const int TickMilliseconds = 250;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly OpenedLog _log;
    private readonly Thread _thread;
    private readonly ITimer _watchdog;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _toldSuppressed;
    private int _segments;
    private volatile bool _stopping;
    private volatile bool _stalled;

    public WriterThread(OpenedLog log)
    {
        _log = log;
        _toldSuppressed = log.Context.Time.GetTimestamp();
        _thread = new Thread(Run) { IsBackground = true, Name = "audit writer" };
        _thread.Start();
        var period = TimeSpan.FromMilliseconds(Math.Clamp(log.Context.Settings.Options.Timeout.TotalMilliseconds / 4, 5, 250));
        _watchdog = log.Context.Time.CreateTimer(Watch, null, period, period);
    }

    /// <summary>Whether a wait was ended because the disk did not answer, and it has not answered since.</summary>
    public bool IsStalled => _stalled;

    public async Task StopAsync()
    {
        _stopping = true;
        _log.Queue.Signal();
        await _ended.Task.ConfigureAwait(false);
        await _watchdog.DisposeAsync().ConfigureAwait(false);
    }

    private void Run()
    {
        try
        {
            var tick = 0L;
            while (!_stopping)
            {
                _log.Queue.Wait(TickMilliseconds);
                _log.Writer.WritePending();
                if (_log.Writer.NeedsMaintenance || _log.Context.Time.GetElapsedTime(tick).TotalMilliseconds >= TickMilliseconds)
                {
                    tick = _log.Context.Time.GetTimestamp();
                    _log.Writer.Maintain();
                    GiveShare();
                    TellSuppressed();
                }

                if (!_log.Writer.IsHealthy)
                    Thread.Sleep(TickMilliseconds / 5);
                if (_log.Writer.SyncBusyFor < _log.Context.Settings.Options.Timeout)
                    _stalled = false;
            }

            _log.Queue.Close();
            TellSuppressed(atEnd: true);
            _log.Writer.Finish();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void GiveShare()
    {
        if (_segments == _log.Writer.Segments)
            return;
        _segments = _log.Writer.Segments;
        _log.Share.NewSegment();
    }

    private void TellSuppressed(bool atEnd = false)
    {
        if (!_log.Writer.IsHealthy || (!atEnd && _log.Context.Time.GetElapsedTime(_toldSuppressed) < Second) || _log.Share.Take() is not { } suppressed)
            return;
        _toldSuppressed = _log.Context.Time.GetTimestamp();
        _log.Writer.TryWriteEvent("suppressed", to => SuppressedFormat.Unidentified(to, suppressed.Counts, suppressed.Sources, suppressed.MoreSources));
    }

    private void Watch(object? state)
    {
        var expired = _log.Pool.Expire(_log.Context.Time.GetTimestamp());
        if (expired == 0)
            return;
        _stalled = true;
        _log.Context.Metrics.Failed("timeout", expired);
    }
}
