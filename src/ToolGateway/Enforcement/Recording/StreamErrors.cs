using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using ToolGateway.Enforcement.Forwarding;

namespace ToolGateway.Enforcement.Recording;

/// <summary>
/// Errors of single HTTP/2 streams. A stream that has become a call leaves its own pair, but an error may be heard before its call begins: it waits a moment to be claimed.
/// </summary>
internal sealed class StreamErrors(OpenCalls openCalls, ServerRefusals refusals, TimeProvider time) : IHostedService
{
    private const int MaxWaiting = 1_000;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<(string Connection, int Stream), IPAddress?> _waiting = new();
    private int _count;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing calls any more when this stops, and the log is still open.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var (connection, stream) in _waiting.Keys)
            Record(connection, stream);
        return Task.CompletedTask;
    }

    public void Add(string connection, int stream, IPAddress? peer)
    {
        if (Volatile.Read(ref _count) >= MaxWaiting || !_waiting.TryAdd((connection, stream), peer))
            return;
        Interlocked.Increment(ref _count);
        if (openCalls.Contains(connection, stream))
            Claim(connection, stream);
        else
            _ = RecordLaterAsync(connection, stream);
    }

    /// <summary>A call begins on this stream.</summary>
    public void Claim(string connection, int stream)
    {
        if (Volatile.Read(ref _count) > 0)
            Remove(connection, stream, out _);
    }

    private async Task RecordLaterAsync(string connection, int stream)
    {
        await Task.Delay(Wait, time).ConfigureAwait(false);
        Record(connection, stream);
    }

    private void Record(string connection, int stream)
    {
        if (Remove(connection, stream, out var peer))
            refusals.Record(peer, StatusCodes.Status400BadRequest);
    }

    private bool Remove(string connection, int stream, out IPAddress? peer)
    {
        if (!_waiting.TryRemove((connection, stream), out peer))
            return false;
        Interlocked.Decrement(ref _count);
        return true;
    }
}
