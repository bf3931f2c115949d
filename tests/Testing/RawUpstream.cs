using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ToolGateway.Testing;

/// <summary>A server that records the bytes it receives, exactly, and answers what the test says. It can be killed, and started again at the same place.</summary>
public sealed class RawUpstream : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _connections = new();
    private readonly string? _path;
    private Socket? _listener;
    private CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    private RawUpstream(string? path) => _path = path;

    /// <summary>Port of a server on TCP.</summary>
    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}/";

    /// <summary>Whether connections are taken from the kernel; those that are not stay open and say nothing.</summary>
    public bool Accepts { get; set; } = true;

    /// <summary>Every request as received.</summary>
    public ConcurrentQueue<RawRequest> Requests { get; } = new();

    /// <summary>Answers a request; the default is 200 with a small JSON object. The stream may be kept open to stream or abort.</summary>
    public Func<RawRequest, NetworkStream, CancellationToken, Task> Respond { get; set; } =
        static (_, stream, cancellation) => stream.WriteAsync(Answer("{\"ok\":true}"), cancellation).AsTask();

    /// <param name="path">A unix socket instead of a free port of TCP.</param>
    public static RawUpstream Start(string? path = null)
    {
        var server = new RawUpstream(path);
        server.Restart();
        return server;
    }

    /// <summary>Bytes of an HTTP/1.1 answer with a JSON body.</summary>
    public static byte[] Answer(string body, int status = 200, params string[] headers)
    {
        var extra = string.Concat(headers.Select(header => header + "\r\n"));
        var type = headers.Any(header => header.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)) ? "" : "Content-Type: application/json\r\n";
        return Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\n{type}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{extra}\r\n{body}");
    }

    public void Restart()
    {
        _stop = new CancellationTokenSource();
        _listener = _path is null
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (_path is not null)
            File.Delete(_path);
        _listener.Bind(_path is null ? new IPEndPoint(IPAddress.Loopback, Port) : new UnixDomainSocketEndPoint(_path));
        _listener.Listen(512);
        if (_listener.LocalEndPoint is IPEndPoint at)
            Port = at.Port;
        _accepting = AcceptAsync(_listener, _stop.Token);
    }

    /// <summary>Stops listening and resets every connection.</summary>
    public async Task KillAsync()
    {
        await _stop.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        CloseConnections();
        _stop.Dispose();
    }

    /// <summary>Resets every connection and goes on listening.</summary>
    public void CloseConnections()
    {
        foreach (var connection in _connections.Keys)
            connection.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        GC.SuppressFinalize(this);
    }

    private async Task AcceptAsync(Socket listener, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (!Accepts)
                    await Task.Delay(20, stopping);
                var client = await listener.AcceptAsync(stopping);
                _ = ServeAsync(client, stopping);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken stopping)
    {
        _connections[client] = true;
        try
        {
            if (_path is null)
                client.NoDelay = true;
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var buffered = new List<byte>();
            while (await RawRequest.ReadAsync(stream, buffered, stopping) is { } request)
            {
                Requests.Enqueue(request);
                await Respond(request, stream, stopping);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The gateway or the test closed the connection.
        }
        finally
        {
            _connections.TryRemove(client, out _);
        }
    }
}

/// <summary>One request as its bytes.</summary>
public sealed record RawRequest(string Line, IReadOnlyList<string> Headers, byte[] Body)
{
    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    internal static async Task<RawRequest?> ReadAsync(Stream stream, List<byte> buffered, CancellationToken cancellation)
    {
        int end;
        while ((end = IndexOf(buffered, "\r\n\r\n"u8)) < 0)
        {
            if (!await TryFillAsync(stream, buffered, cancellation))
                return null;
        }

        var lines = Encoding.Latin1.GetString([.. buffered[..end]]).Split("\r\n");
        buffered.RemoveRange(0, end + 4);
        var request = new RawRequest(lines[0], lines[1..], []);
        var body = request.Header("Transfer-Encoding") is not null
            ? await ReadChunkedAsync(stream, buffered, cancellation)
            : await TakeAsync(stream, buffered, int.Parse(request.Header("Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture), cancellation);
        return request with { Body = body };
    }

    private static async Task<byte[]> ReadChunkedAsync(Stream stream, List<byte> buffered, CancellationToken cancellation)
    {
        var body = new List<byte>();
        while (true)
        {
            int end;
            while ((end = IndexOf(buffered, "\r\n"u8)) < 0)
                await FillAsync(stream, buffered, cancellation);
            var size = Convert.ToInt32(Encoding.ASCII.GetString([.. buffered[..end]]).Split(';')[0], 16);
            buffered.RemoveRange(0, end + 2);
            body.AddRange(await TakeAsync(stream, buffered, size, cancellation));
            await TakeAsync(stream, buffered, 2, cancellation);
            if (size == 0)
                return [.. body];
        }
    }

    private static async Task<byte[]> TakeAsync(Stream stream, List<byte> buffered, int count, CancellationToken cancellation)
    {
        while (buffered.Count < count)
            await FillAsync(stream, buffered, cancellation);
        byte[] taken = [.. buffered[..count]];
        buffered.RemoveRange(0, count);
        return taken;
    }

    private static async Task FillAsync(Stream stream, List<byte> buffered, CancellationToken cancellation)
    {
        if (!await TryFillAsync(stream, buffered, cancellation))
            throw new IOException("the connection ended inside a request");
    }

    /// <summary>Makes no garbage for a read: in how many a request comes is chance, and <c>AllocationTests</c> count.</summary>
    private static async ValueTask<bool> TryFillAsync(Stream stream, List<byte> buffered, CancellationToken cancellation)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            var read = await stream.ReadAsync(chunk, cancellation);
            buffered.AddRange(chunk.AsSpan(0, read));
            return read > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static int IndexOf(List<byte> buffered, ReadOnlySpan<byte> pattern) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(buffered).IndexOf(pattern);
}
