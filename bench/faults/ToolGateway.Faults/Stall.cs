using System.Diagnostics;

namespace ToolGateway.Faults;

/// <summary>The longest that this process itself was kept from running: a machine that is busy with other work must not look like a slow gateway.</summary>
internal sealed class Stall : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public Stall() => _watching = WatchAsync();

    public TimeSpan Longest { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(Tick);
            var late = Stopwatch.GetElapsedTime(started) - Tick;
            Longest = late > Longest ? late : Longest;
        }
    }
}
