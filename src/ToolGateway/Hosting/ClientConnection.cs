using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ToolGateway.Hosting;

/// <summary>
/// A connection of an HTTP client, which decides what goes on on the event loop that waited for it (<see cref="EventLoop"/>): what comes after a small read, where the client
/// allows that at all. Anything else (much to read, a write, an error, a new connection) goes on on the thread pool.
/// </summary>
/// <param name="inner">The socket's stream.</param>
/// <param name="small">Most bytes of a read after which the reader may go on at once; <see cref="Never"/>: none.</param>
/// <remarks>Read by one at a time, as HTTP clients do, so that one wait serves all reads of the connection.</remarks>
internal sealed class ClientConnection(Stream inner, int small) : UnseekableStream, IValueTaskSource<int>
{
    /// <summary>Everything goes on on the thread pool.</summary>
    public const int Never = -1;

    /// <summary>Head and body of an ordinary answer: what follows takes microseconds.</summary>
    private const int Small = 4096;

    private ManualResetValueTaskSourceCore<int> _wait;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _reading;
    private Action? _arrived;
    private int _isRead;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <summary>Connects as the runtime does by itself; for clients whose readers may do anything.</summary>
    public static ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        ConnectAsync(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, context.DnsEndPoint, Never, cancellation);

    /// <summary>The same for the forwarder. Under TLS a small read may be part of a handshake, and checking a certificate may fetch another.</summary>
    public static ValueTask<Stream> ConnectToToolAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) => ConnectAsync(
        new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        context.DnsEndPoint,
        context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp ? Small : Never,
        cancellation);

    public static ValueTask<Stream> ConnectAsync(string unixPath, CancellationToken cancellation) =>
        ConnectAsync(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(unixPath), Never, cancellation);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = inner.ReadAsync(buffer, cancellationToken);
        if (!read.IsCompleted)
            return Wait(read);

        // An answer in more than one piece, of which the next is there already: it could go on like this for as long as the tool sends.
        return EventLoop.IsCurrent ? LeaveAsync(read) : read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = inner.WriteAsync(buffer, cancellationToken);
        return written.IsCompleted ? written : WriteLaterAsync(written);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private static async ValueTask<Stream> ConnectAsync(Socket socket, EndPoint target, int small, CancellationToken cancellation)
    {
        try
        {
            await socket.ConnectAsync(target, cancellation).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            await EventLoop.LeaveAsync().ConfigureAwait(false);
            throw;
        }

        await EventLoop.LeaveAsync().ConfigureAwait(false);
        return new ClientConnection(new NetworkStream(socket, ownsSocket: true), small);
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        try
        {
            return _wait.GetResult(token);
        }
        finally
        {
            Volatile.Write(ref _isRead, 0);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private ValueTask<int> Wait(ValueTask<int> reading)
    {
        // Two waits in one would hand one caller's answer to another.
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
            throw new InvalidOperationException("the connection is being read already");
        _wait.Reset();
        _reading = reading.ConfigureAwait(false).GetAwaiter();
        _reading.UnsafeOnCompleted(_arrived ??= Arrived);
        return new ValueTask<int>(this, _wait.Version);
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is the reader's to handle.")]
    private void Arrived()
    {
        int read;
        try
        {
            read = _reading.GetResult();
        }
        catch (Exception e)
        {
            _wait.RunContinuationsAsynchronously = EventLoop.IsCurrent;
            _wait.SetException(e);
            return;
        }

        _wait.RunContinuationsAsynchronously = read > small && EventLoop.IsCurrent;
        _wait.SetResult(read);
    }

    private static async ValueTask<int> LeaveAsync(ValueTask<int> reading)
    {
        await EventLoop.LeaveAsync().ConfigureAwait(false);
        return await reading.ConfigureAwait(false);
    }

    private static async ValueTask WriteLaterAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        finally
        {
            await EventLoop.LeaveAsync().ConfigureAwait(false);
        }
    }
}
