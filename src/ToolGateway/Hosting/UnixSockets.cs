using System.Net.Sockets;

namespace ToolGateway.Hosting;

/// <summary>Connections of HTTP clients to addresses that name a unix socket.</summary>
internal static class UnixSockets
{
    public const string Scheme = "unix://";

    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
