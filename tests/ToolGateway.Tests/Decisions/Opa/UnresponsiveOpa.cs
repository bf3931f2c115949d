using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>A peer at the address of OPA that takes connections, or does not even do that, and gives no answer; a test can bring it to life.</summary>
internal sealed class UnresponsiveOpa : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fillers = [];
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _answers;

    private UnresponsiveOpa(int backlog)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog);
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    /// <summary>The kernel completes every handshake, and no process ever reads: half open.</summary>
    public static UnresponsiveOpa HalfOpen() => new(backlog: 512);

    /// <summary>Packets get no reply: no handshake completes, because the queue of connections is full.</summary>
    public static async Task<UnresponsiveOpa> UnreachableAsync()
    {
        var peer = new UnresponsiveOpa(backlog: 0);
        for (var isFull = false; !isFull;)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            peer._fillers.Add(filler);
            using var wait = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            try
            {
                await filler.ConnectAsync(peer._listener.LocalEndPoint!, wait.Token);
            }
            catch (OperationCanceledException)
            {
                isFull = true;
            }
        }

        return peer;
    }

    /// <summary>Serves connections; those that have begun as well.</summary>
    public void Live()
    {
        _answers = true;
        _fillers.ForEach(filler => filler.Dispose());
        _ = AcceptAsync();
    }

    /// <summary>From now on nothing is read or answered, and no connection is closed: the peer has vanished.</summary>
    public void Vanish() => _answers = false;

    public void Dispose()
    {
        _stopping.Cancel();
        _fillers.ForEach(filler => filler.Dispose());
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync(_stopping.Token), _stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            _answers = false;
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellation)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (await FakeOpa.ReadRequestAsync(stream, cancellation) is not null)
            {
                if (!_answers)
                    await Task.Delay(Timeout.Infinite, cancellation);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(FakeOpa.Allow), cancellation);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }
    }
}
