using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>Allowed calls with something added that must make no difference: the tool receives, byte for byte, what it receives without.</summary>
internal static class HarmlessAttempts
{
    private const string Refund = "{\"order\":\"A-17\",\"amount\":40}";

    public static IReadOnlyList<(string Name, Func<Attacker, Task<string>> Send)> Reads { get; } =
    [
        Read("nothing", ""),
        .. new[]
        {
            "X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE", "X-Original-URL: /refunds", "X-Rewrite-URL: /refunds", "X-Original-Host: evil.test",
            "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: evil.test", "X-Forwarded-Proto: http", "X-Forwarded-Prefix: /x", "Forwarded: for=127.0.0.1;host=evil.test", "X-Real-IP: 127.0.0.1", "Via: 1.1 evil",
            "X-Forwarded-Client-Cert: URI=spiffe://acme.test/agent/admin", "Client-Cert: :AAAA:", "X-SSL-Client-Verify: SUCCESS", "X-Forwarded-User: admin", "X-Envoy-Original-Path: /refunds",
            "Proxy-Authorization: Basic YWRtaW46YWRtaW4=", "Cookie: session=admin", "X-Api-Key: admin", "Txn-Token: x", "DPoP: x", "Tool-Decision-Id: 0", "baggage: a=b",
            "Connection: Authorization", "Connection: Host, Tool-Decision-Id", "Connection: X-A", "Keep-Alive: timeout=600", "Proxy-Connection: keep-alive", "TE: trailers", "Trailer: Authorization",
            "Accept-Encoding: gzip, br", "Range: bytes=0-1", "Expect: 100-continue", "Content-Type: application/json", "Content-Length: 0", "Origin: https://evil.test", "Early-Data: 1", "Max-Forwards: 0",
        }.Select(header => Read(header, header + "\r\n")),
        ("another host", attacker => attacker.SendAsync($"GET {Attacker.Customer} HTTP/1.1\r\nHost: evil.test:1\r\nConnection: close\r\nAuthorization: Bearer {{token}}\r\n\r\n")),
        ("an empty host", attacker => attacker.SendAsync($"GET {Attacker.Customer} HTTP/1.1\r\nHost:\r\nConnection: close\r\nAuthorization: Bearer {{token}}\r\n\r\n")),
        ("HTTP/1.0", attacker => attacker.SendAsync($"GET {Attacker.Customer} HTTP/1.0\r\nAuthorization: Bearer {{token}}\r\n\r\n")),
        ("scheme in lower case", attacker => attacker.SendAsync($"GET {Attacker.Customer} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: bearer {{token}}\r\n\r\n")),
    ];

    public static IReadOnlyList<(string Name, Func<Attacker, Task<string>> Send)> Writes { get; } =
    [
        Write("nothing", "Content-Length: 28\r\n", Refund),
        Write("a signed length", "Content-Length: +28\r\n", Refund),
        Write("chunks", "Transfer-Encoding: chunked\r\n", $"1c\r\n{Refund}\r\n0\r\n\r\n"),
        Write("small chunks with extensions", "Transfer-Encoding: chunked\r\n", $"2;a=b\r\n{Refund[..2]}\r\n1A;c=\"d\"\r\n{Refund[2..]}\r\n0\r\n\r\n"),
        Write("trailers", "Transfer-Encoding: chunked\r\n", $"1c\r\n{Refund}\r\n0\r\nAuthorization: Bearer x\r\nContent-Length: 2\r\nX-HTTP-Method-Override: DELETE\r\n\r\n"),
        Write("bytes after the body", "Content-Length: 28\r\n", Refund + "GET /tools/crm/customers/42 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Write("an expectation", "Content-Length: 28\r\nExpect: 100-continue\r\n", Refund),
        Write("an identity encoding", "Content-Length: 28\r\nContent-Encoding: identity\r\n", Refund),
        Write("a method override", "Content-Length: 28\r\nX-HTTP-Method-Override: GET\r\n", Refund),
    ];

    /// <summary>A request as the tool got it, without what differs from call to call.</summary>
    public static string Text(RawRequest request) =>
        $"{request.Line}\n{string.Join('\n', request.Headers.Where(header => !header.StartsWith("traceparent:", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))}\n{System.Text.Encoding.UTF8.GetString(request.Body)}";

    private static (string, Func<Attacker, Task<string>>) Read(string name, string headers) => (name, attacker => attacker.SendAsync(
        $"GET {Attacker.Customer} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {{token}}\r\n{(headers.StartsWith("Connection:", StringComparison.Ordinal) ? headers.Replace(": ", ": close, ", StringComparison.Ordinal) : headers + "Connection: close\r\n")}\r\n"));

    private static (string, Func<Attacker, Task<string>>) Write(string name, string headers, string body) => (name, attacker => attacker.SendRefundAsync(
        $"POST /tools/crm/refunds HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {{token}}\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}\r\n{body}"));
}
