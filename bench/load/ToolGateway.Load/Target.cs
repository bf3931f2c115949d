using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ToolGateway.Load;

/// <summary>What one row of the matrix calls.</summary>
/// <param name="Request">Bytes of one request; a run of <c>#</c> is replaced by a number that no other request has.</param>
/// <param name="Certificate">Presented where the target speaks TLS.</param>
/// <param name="Server">The process whose processor time the calls cost.</param>
internal sealed record Target(string Name, IPEndPoint EndPoint, byte[] Request, bool IsTls = false, X509Certificate2? Certificate = null, Child? Server = null)
{
    private static long _next;

    public byte[] NewBuffer() => (byte[])Request.Clone();

    /// <summary>Writes the next number into a buffer made by <see cref="NewBuffer"/>.</summary>
    public void Distinguish(byte[] buffer)
    {
        var at = Request.AsSpan().IndexOf("########"u8);
        if (at >= 0)
            (Interlocked.Increment(ref _next) % 100_000_000).TryFormat(buffer.AsSpan(at, 8), out _, "D8", CultureInfo.InvariantCulture);
    }

    public static byte[] Get(string path, string? token = null) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}\r\n");

    /// <summary>An MCP <c>tools/call</c>.</summary>
    public static byte[] ToolsCall(string token) => Post(
        "/tools/files",
        """{"jsonrpc":"2.0","id":"########","method":"tools/call","params":{"name":"read_file","arguments":{"path":"/a"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""",
        token,
        "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: read_file\r\n");

    public static byte[] Post(string path, string body, string? token = null, string headers = "") => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + $"{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}{headers}\r\n{body}");
}
