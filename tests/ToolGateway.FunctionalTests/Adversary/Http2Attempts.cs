using System.Net.Security;
using System.Text;
using ToolGateway.Enforcement;
using ToolGateway.Testing;
using static ToolGateway.Testing.Http2Frames;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>HTTP/2 frames that no client library would send.</summary>
internal static class Http2Attempts
{
    private const string Get = ":method=GET|:scheme=https|:authority=localhost|:path=/tools/crm/customers/42|authorization=Bearer {token}|";
    private const string Post = ":method=POST|:scheme=https|:authority=localhost|:path=/tools/crm/refunds|authorization=Bearer {token}|content-type=application/json|";

    public static IEnumerable<Attempt> All { get; } =
    [
        Head("h2 without :path", ":method=GET|:scheme=https|:authority=localhost|authorization=Bearer {token}|"),
        Head("h2 with two :path", Get + ":path=/tools/crm/customers/1|"),
        Head("h2 with two :method", ":method=GET|" + Get),
        Head("h2 with a pseudo-header after a header", Get.Replace(":authority=localhost|", "", StringComparison.Ordinal) + ":authority=localhost|"),
        Head("h2 with an unknown pseudo-header", ":tool=crm|" + Get),
        Head("h2 with a response's pseudo-header", ":status=200|" + Get),
        Head("h2 with an upper-case header name", Get + "X-Upper=1|"),
        Head("h2 with connection", Get + "connection=close|"),
        Head("h2 with transfer-encoding", Post + "transfer-encoding=chunked|"),
        Head("h2 with te other than trailers", Get + "te=gzip|"),
        Head("h2 with another scheme than the connection's", Get.Replace("https", "http", StringComparison.Ordinal)),
        Head("h2 with an empty method", Get.Replace("GET", "", StringComparison.Ordinal)),
        Head("h2 with a space in the method", Get.Replace("GET", "GET /x", StringComparison.Ordinal)),
        Head("h2 with a line break in the path", Get.Replace("/42", "/42 HTTP/1.1\r\nHost: x", StringComparison.Ordinal)),
        Head("h2 with a relative path", Get.Replace("=/tools", "=tools", StringComparison.Ordinal)),
        Head("h2 with a content-length and no body", Post + "content-length=5|"),
        Identified("h2 with an absolute path", Get.Replace("=/tools", "=https://localhost/tools", StringComparison.Ordinal), ReasonCodes.RequestMalformed),
        Identified("h2 with an encoded slash", Get.Replace("/42", "/4%2F2", StringComparison.Ordinal), ReasonCodes.TargetInvalid),
        Identified("h2 with dots", Get.Replace("/42", "/../customers/42", StringComparison.Ordinal), ReasonCodes.TargetInvalid),
        Identified("h2 with two authorizations", Get + "authorization=Bearer {token}|", ReasonCodes.TokenInvalid),
        Identified("h2 extended CONNECT", ":method=CONNECT|:protocol=websocket|:scheme=https|:authority=localhost|:path=/tools/crm/customers/42|authorization=Bearer {token}|", ReasonCodes.UpgradeRefused),
        new("h2 body shorter than its content-length", null, ReasonCodes.RequestMalformed, a => SendAsync(
            a, Frame(Headers, EndHeaders, 1, Fields(Post + "content-length=50|", a)), Frame(Data, EndStream, 1, "{}"u8.ToArray()))),
        new("h2 body longer than its content-length", null, ReasonCodes.RequestMalformed, a => SendAsync(
            a, Frame(Headers, EndHeaders, 1, Fields(Post + "content-length=2|", a)), Frame(Data, EndStream, 1, "{}GET /x"u8.ToArray()))),
        new("h2 headers larger than the limit", null, ReasonCodes.HeadersTooLarge, a => SendAsync(a, LargeHead(a))),
        new("h2 preface that is none", null, ReasonCodes.RequestMalformed, a => SendRawAsync(a, "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"u8.ToArray())),
        new("h2 HPACK that cannot be decoded", null, ReasonCodes.RequestMalformed, a => SendAsync(a, Frame(Headers, EndStream | EndHeaders, 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))),
        new("h2 data on a stream that is not open", null, ReasonCodes.RequestMalformed, a => SendAsync(a, Frame(Data, EndStream, 1, "{}"u8.ToArray()))),
        new("h2 headers on an even stream", null, ReasonCodes.RequestMalformed, a => SendAsync(a, Frame(Headers, EndStream | EndHeaders, 2, Fields(Get, a)))),
        new("h2 window update of nothing", null, ReasonCodes.RequestMalformed, a => SendAsync(a, Frame(WindowUpdate, 0, 0, [0, 0, 0, 0]))),
        new("h2 ping of the wrong size", null, ReasonCodes.RequestMalformed, a => SendAsync(a, Frame(Ping, 0, 0, [1]))),
    ];

    /// <summary>A head that Kestrel refuses before it is a call.</summary>
    private static Attempt Head(string name, string fields) =>
        new(name, null, ReasonCodes.RequestMalformed, a => SendAsync(a, Frame(Headers, EndStream | EndHeaders, 1, Fields(fields, a))));

    /// <summary>A head that reaches the path of calls.</summary>
    private static Attempt Identified(string name, string fields, string reason) =>
        new(name, null, reason, a => SendAsync(a, Frame(Headers, EndStream | EndHeaders, 1, Fields(fields, a))));

    private static byte[][] LargeHead(Attacker attacker)
    {
        var block = Fields(Get + string.Concat(Enumerable.Range(0, 5).Select(i => $"x-{i}={new string('a', 8_000)}|")), attacker);
        var chunks = block.Chunk(16_000).ToArray();
        return [.. chunks.Select((chunk, i) => Frame(i == 0 ? Headers : Continuation, (byte)((i == 0 ? EndStream : 0) | (i == chunks.Length - 1 ? EndHeaders : 0)), 1, chunk))];
    }

    private static Task<string> SendAsync(Attacker attacker, params byte[][] frames) =>
        SendRawAsync(attacker, [.. Preface, .. frames.SelectMany(frame => frame)]);

    /// <summary>Sends, says goodbye, and reads until the gateway closes.</summary>
    private static async Task<string> SendRawAsync(Attacker attacker, byte[] bytes)
    {
        await using var tls = await attacker.ConnectAsync(protocol: SslApplicationProtocol.Http2);
        await tls.WriteAsync(bytes);
        await tls.WriteAsync(Frame(GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
        return Encoding.Latin1.GetString(await Attacker.ReadToEndAsync(tls));
    }

    private static byte[] Fields(string text, Attacker attacker) => Http2Frames.Fields(text.Replace("{token}", attacker.Token, StringComparison.Ordinal));
}
