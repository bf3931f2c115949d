using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ToolGateway.Hosting;
using ToolGateway.Identity;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>All calls that are open, looked over by one timer: too slow ones and those whose caller is no longer welcome are cut.</summary>
internal sealed class OpenCalls : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private const string ClientAborted = "client_aborted";
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SnapshotHolder _snapshots;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private OpenCall? _first;
    private long _stop = OpenCall.NoDeadline;

    public OpenCalls(SnapshotHolder snapshots, TimeProvider time, IHostApplicationLifetime lifetime, IOptions<HostOptions> host)
    {
        // Calls get half of the time that the host has to stop in; what is open then is cut while its end can still be recorded.
        ShutdownGrace = host.Value.ShutdownTimeout / 2;
        lifetime.ApplicationStopping.UnsafeRegister(static state => ((OpenCalls)state!).Stop(), this);
        _snapshots = snapshots;
        _time = time;
        _timer = time.CreateTimer(static state => ((OpenCalls)state!).Sweep(), this, Interval, Interval);
    }

    /// <summary>How long calls may go on when the host stops.</summary>
    public TimeSpan ShutdownGrace { get; set; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _first is null;
        }
    }

    /// <summary>Whether the host stops and every call is cut.</summary>
    public bool IsGraceOver => Volatile.Read(ref _stop) <= Stopwatch.GetTimestamp();

    public void Add(OpenCall call)
    {
        lock (_lock)
        {
            call.Next = _first;
            _first?.Previous = call;
            _first = call;
        }
    }

    public void Remove(OpenCall call)
    {
        lock (_lock)
        {
            if (call.Previous is { } previous)
                previous.Next = call.Next;
            else if (_first == call)
                _first = call.Next;
            call.Next?.Previous = call.Previous;
            call.Next = call.Previous = null;
        }
    }

    /// <summary>Calls that go on without their client, of one exchange or of all.</summary>
    public List<OpenCall> Draining(string? stream)
    {
        var draining = new List<OpenCall>();
        lock (_lock)
        {
            for (var call = _first; call is not null; call = call.Next)
            {
                if (call.IsDraining && (stream is null || string.Equals(call.Stream, stream, StringComparison.Ordinal)))
                    draining.Add(call);
            }
        }

        return draining;
    }

    /// <summary>Cuts calls that go on without their client, and waits, not for long, until they have let go of the tool.</summary>
    public async ValueTask ReleaseAsync(string stream)
    {
        if (Draining(stream) is not { Count: > 0 } calls)
            return;
        foreach (var call in calls)
            call.Cut(ClientAborted);
        await Task.WhenAny(Task.WhenAll(calls.Select(call => call.Over)), Task.Delay(ReleaseLimit, _time)).ConfigureAwait(false);
    }

    /// <summary>Whether a call is open on this HTTP/2 stream. For errors only: every open call is looked at.</summary>
    public bool Contains(string connectionId, int streamId)
    {
        lock (_lock)
        {
            for (var call = _first; call is not null; call = call.Next)
            {
                if (call.StreamId == streamId && call.ConnectionId == connectionId)
                    return true;
            }
        }

        return false;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Cuts what must not go on.</summary>
    internal void Sweep()
    {
        // Cancelling runs continuations that may remove calls: the list is left alone meanwhile.
        foreach (var (call, because) in Overdue())
            call.Cut(because);
    }

    private void Stop() => Volatile.Write(ref _stop, Stopwatch.GetTimestamp() + (long)(ShutdownGrace.TotalSeconds * Stopwatch.Frequency));

    private List<(OpenCall Call, string Because)> Overdue()
    {
        var overdue = new List<(OpenCall, string)>();
        var timestamp = Stopwatch.GetTimestamp();
        var now = _time.GetUtcNow();
        var snapshot = _snapshots.Current;
        var stop = Volatile.Read(ref _stop);
        lock (_lock)
        {
            for (var call = _first; call is not null; call = call.Next)
            {
                if (stop <= timestamp)
                    overdue.Add((call, "shutdown"));
                else if (call.Deadline <= timestamp)
                    overdue.Add((call, call.IsDraining ? ClientAborted : "timeout"));
                else if (call.Caller is { } caller && CallerLiveness.Check(caller, snapshot, now) is not null)
                    overdue.Add((call, "revoked"));
            }
        }

        return overdue;
    }
}
