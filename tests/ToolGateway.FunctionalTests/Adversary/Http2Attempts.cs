using System.Buffers.Binary;
using System.Net.Security;
using System.Text;
using ToolGateway.Enforcement;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>HTTP/2 frames that no client library would send.</summary>
internal static class Http2Attempts
{
    private const byte Data = 0, Headers = 1, Settings = 4, Ping = 6, WindowUpdate = 8;
    private const byte EndStream = 1, EndHeaders = 4;
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
        const byte Continuation = 9;
        var block = Fields(Get + string.Concat(Enumerable.Range(0, 5).Select(i => $"x-{i}={new string('a', 8_000)}|")), attacker);
        var chunks = block.Chunk(16_000).ToArray();
        return [.. chunks.Select((chunk, i) => Frame(i == 0 ? Headers : Continuation, (byte)((i == 0 ? EndStream : 0) | (i == chunks.Length - 1 ? EndHeaders : 0)), 1, chunk))];
    }

    private static Task<string> SendAsync(Attacker attacker, params byte[][] frames) =>
        SendRawAsync(attacker, [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, []), .. frames.SelectMany(frame => frame)]);

    /// <summary>Sends, says goodbye, and reads until the gateway closes.</summary>
    private static async Task<string> SendRawAsync(Attacker attacker, byte[] bytes)
    {
        const byte GoAway = 7;
        await using var tls = await attacker.ConnectAsync(protocol: SslApplicationProtocol.Http2);
        await tls.WriteAsync(bytes);
        await tls.WriteAsync(Frame(GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
        return Encoding.Latin1.GetString(await Attacker.ReadToEndAsync(tls));
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>A header block of literals without indexing, from <c>name=value|name=value</c>.</summary>
    private static byte[] Fields(string text, Attacker attacker)
    {
        var block = new List<byte>();
        foreach (var field in text.Replace("{token}", attacker.Token, StringComparison.Ordinal).Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var split = field.IndexOf('=', StringComparison.Ordinal);
            block.Add(0);
            Text(block, field[..split]);
            Text(block, field[(split + 1)..]);
        }

        return [.. block];
    }

    private static void Text(List<byte> block, string text)
    {
        // RFC 7541 section 5.1: seven bits, then seven at a time.
        if (text.Length < 127)
        {
            block.Add((byte)text.Length);
        }
        else
        {
            block.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.Add((byte)(rest & 127 | 128));
            block.Add((byte)rest);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }
}
