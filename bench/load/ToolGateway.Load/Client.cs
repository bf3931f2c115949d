using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ToolGateway.Load;

/// <summary>One keep-alive connection that sends prepared bytes and reads whole responses; as little work as a client can do.</summary>
internal sealed class Client(Target target) : IAsyncDisposable
{
    private readonly byte[] _request = target.NewBuffer();
    private readonly byte[] _response = new byte[64 << 10];
    private TcpClient? _tcp;
    private Stream? _stream;
    private int _length;

    /// <summary>The last response as it came, head and body.</summary>
    public ReadOnlySpan<byte> Response => _response.AsSpan(0, _length);

    /// <summary>Sends one request. True: status 200, read to its end.</summary>
    public async ValueTask<bool> SendAsync(CancellationToken cancellation)
    {
        if (_stream is null)
            await ConnectAsync(cancellation);
        target.Distinguish(_request);
        await _stream!.WriteAsync(_request, cancellation);
        _length = 0;
        while (true)
        {
            var read = await _stream.ReadAsync(_response.AsMemory(_length), cancellation);
            if (read == 0)
                throw new IOException("the connection was closed");
            _length += read;
            if (IsWhole(_response.AsSpan(0, _length)))
                return IsGood;
        }
    }

    /// <summary>As <see cref="SendAsync"/>, with the thread waiting in the kernel, after <see cref="Connect"/>.</summary>
    public bool Send()
    {
        target.Distinguish(_request);
        _stream!.Write(_request);
        _length = 0;
        do
        {
            var read = _stream.Read(_response.AsSpan(_length));
            if (read == 0)
                throw new IOException("the connection was closed");
            _length += read;
        }
        while (!IsWhole(_response.AsSpan(0, _length)));
        return IsGood;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
        _tcp?.Dispose();
    }

    /// <summary>Connects so that <see cref="Send"/> can wait in the kernel, which a socket that was ever used asynchronously does not do.</summary>
    public void Connect()
    {
        _tcp = new TcpClient { NoDelay = true };
        _tcp.Connect(target.EndPoint);
        _stream = _tcp.GetStream();
        if (!target.IsTls)
            return;
        var tls = new SslStream(_stream);
        tls.AuthenticateAsClient(Tls());
        _stream = tls;
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        _tcp = new TcpClient { NoDelay = true };
        await _tcp.ConnectAsync(target.EndPoint, cancellation);
        _stream = _tcp.GetStream();
        if (!target.IsTls)
            return;
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(Tls(), cancellation);
        _stream = tls;
    }

    private SslClientAuthenticationOptions Tls() => new()
    {
        TargetHost = "localhost",
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        LocalCertificateSelectionCallback = target.Certificate is null ? null : (_, _, _, _, _) => target.Certificate,
    };

    private bool IsGood => _response.AsSpan(9, 3).SequenceEqual("200"u8);

    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = bytes[..end];
        var body = bytes[(end + 4)..];
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (at < 0)
            return body.EndsWith("0\r\n\r\n"u8);
        var value = head[(at + 18)..];
        var stop = value.IndexOf((byte)'\r');
        var digits = Encoding.ASCII.GetString(stop < 0 ? value : value[..stop]);
        return body.Length >= int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
