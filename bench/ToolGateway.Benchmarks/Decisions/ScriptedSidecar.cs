using System.Net.Sockets;
using System.Text;

namespace ToolGateway.Benchmarks.Decisions;

/// <summary>Allows whatever it is asked, on a unix socket, with blocking threads: it allocates nothing that would count as the gateway's.</summary>
internal sealed class ScriptedSidecar : IDisposable
{
    private static readonly byte[] Answer = Response("""{"decision_id":"d-1","result":{"allow":true,"reasons":[],"obligations":[],"cache_seconds":0}}""");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("toolgateway-opa-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ScriptedSidecar()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        Start(Accept);
    }

    public string SocketPath => Path.Combine(_directory.FullName, "opa.sock");

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Delete(recursive: true);
    }

    private static void Start(Action body) => new Thread(() => body()) { IsBackground = true }.Start();

    private static byte[] Response(string body) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private static void Serve(Socket connection)
    {
        var buffer = new byte[64 << 10];
        var length = 0;
        using (connection)
        {
            for (var read = connection.Receive(buffer); read > 0; read = connection.Receive(buffer.AsSpan(length)))
            {
                length += read;
                if (!IsWhole(buffer.AsSpan(0, length)))
                    continue;
                connection.Send(Answer);
                length = 0;
            }
        }
    }

    /// <summary>Questions are JSON of known length, polls are GETs without a body.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var at = request[..end].IndexOf("Content-Length: "u8);
        if (at < 0)
            return true;
        return System.Buffers.Text.Utf8Parser.TryParse(request[(at + 16)..], out int body, out _) && request.Length >= end + 4 + body;
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                Start(() => Serve(connection));
            }
        }
        catch (SocketException)
        {
            _listener.Dispose();
        }
    }
}
