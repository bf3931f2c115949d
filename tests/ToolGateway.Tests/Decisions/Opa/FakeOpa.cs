using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>A raw server that does what a test says with each request, down to the bytes. It can be stopped and started on the same port.</summary>
internal sealed class FakeOpa : IDisposable
{
    private readonly ConcurrentBag<Socket> _connections = [];
    private TcpListener? _listener;
    private CancellationTokenSource _stopping = new();
    private Func<string, string?> _answer = _ => Allow;

    private FakeOpa()
    {
    }

    public const string Provenance = "\"provenance\":{\"version\":\"1.9.0\",\"bundles\":{\"gateway\":{\"revision\":\"r1\"}}}";

    public static string Allow { get; } = Json(200, $$$"""{"decision_id":"d-1",{{{Provenance}}},"result":{"allow":true,"reasons":[],"obligations":[],"cache_seconds":0}}""");

    public int Port { get; private set; }

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>What was asked, polls excluded.</summary>
    public ConcurrentQueue<string> Questions { get; } = new();

    /// <summary>The bytes of the answer for a request's text, or null to say nothing and keep the connection.</summary>
    public Func<string, string?> Answer
    {
        get => Volatile.Read(ref _answer);
        set => Volatile.Write(ref _answer, value);
    }

    /// <summary>Waits before each answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Closes the connection of each question after reading it, this many times.</summary>
    public int Break { get; set; }

    public static FakeOpa Start()
    {
        var server = new FakeOpa();
        server.Restart();
        return server;
    }

    public static string Json(int status, string body) =>
        $"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public void Restart()
    {
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener, _stopping.Token);
    }

    public void Kill()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _listener?.Dispose();
        while (_connections.TryTake(out var connection))
            connection.Close(0);
    }

    public void Dispose() => Kill();

    private async Task AcceptAsync(TcpListener listener, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(cancellation);
                socket.NoDelay = true;
                _connections.Add(socket);
                _ = ServeAsync(socket, cancellation);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            listener.Stop();
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellation)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadRequestAsync(stream, cancellation) is { } request)
            {
                var isPoll = request.StartsWith("GET /v1/data/toolgateway/revision", StringComparison.Ordinal);
                if (!isPoll)
                    Questions.Enqueue(request);
                if (!isPoll && Break > 0)
                {
                    Break--;
                    return;
                }

                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, cancellation);
                if (Answer(request) is not { } answer)
                    continue;
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellation);
                if (!answer.Contains("Content-Length", StringComparison.OrdinalIgnoreCase) && !answer.Contains("chunked", StringComparison.OrdinalIgnoreCase))
                    return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }
    }

    internal static async Task<string?> ReadRequestAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
                return null;
            length += read;
            var text = Encoding.UTF8.GetString(buffer, 0, length);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
                continue;
            var lengthLine = text[..head].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            var body = lengthLine is null ? 0 : int.Parse(lengthLine[15..], System.Globalization.CultureInfo.InvariantCulture);
            if (length >= head + 4 + body)
                return text;
        }
    }
}
