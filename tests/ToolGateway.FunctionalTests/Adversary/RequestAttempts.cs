using ToolGateway.Enforcement;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>HTTP/1.1 bytes that no client library would send, on calls that are allowed but for what is wrong with them.</summary>
internal static class RequestAttempts
{
    private const string Malformed = ReasonCodes.RequestMalformed;
    private const string Auth = "Host: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n";
    private const string Json = "Content-Type: application/json\r\n";
    private const string Refund = "{\"order\":\"A-17\",\"amount\":40}";

    public static IEnumerable<Attempt> All { get; } = [.. Framing(), .. Heads(), .. Targets(), .. Credentials(), .. Bodies(), .. Slow()];

    /// <summary>What a body is, and where the next request begins.</summary>
    private static IEnumerable<Attempt> Framing() =>
    [
        Post("length and chunks", Json + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 400, Malformed),
        Post("chunks and length", Json + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n", 400, Malformed),
        Post("two transfer codings", Json + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n", 400, Malformed),
        Post("chunked twice", Json + "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n", 400, Malformed),
        Post("chunked not last", Json + "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n", 400, Malformed),
        Post("unknown coding", Json + "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", 400, Malformed),
        Post("quoted coding", Json + "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n", 400, Malformed),
        Post("coding behind a vertical tab", Json + "Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n", 400, Malformed),
        Post("space before the colon", Json + "Transfer-Encoding : chunked\r\n", "0\r\n\r\n", 400, Malformed),
        Post("two lengths", Json + "Content-Length: 28\r\nContent-Length: 2\r\n", Refund, 400, Malformed),
        Post("same length twice", Json + "Content-Length: 28\r\nContent-Length: 28\r\n", Refund, 400, Malformed),
        Post("list of lengths", Json + "Content-Length: 28, 28\r\n", Refund, 400, Malformed),
        Post("hexadecimal length", Json + "Content-Length: 0x1c\r\n", Refund, 400, Malformed),
        Post("negative length", Json + "Content-Length: -1\r\n", Refund, 400, Malformed),
        Post("length beyond 64 bits", Json + "Content-Length: 99999999999999999999\r\n", Refund, 400, Malformed),
        Post("length that is text", Json + "Content-Length: many\r\n", Refund, 400, Malformed),
        Post("chunk size beyond 64 bits", Json + "Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n" + Refund, 400, Malformed),
        Post("chunk size with 0x", Json + "Transfer-Encoding: chunked\r\n", "0x1c\r\n" + Refund + "\r\n0\r\n\r\n", 400, Malformed),
        Post("negative chunk size", Json + "Transfer-Encoding: chunked\r\n", "-1c\r\n" + Refund + "\r\n0\r\n\r\n", 400, Malformed),
        Post("chunk longer than its size", Json + "Transfer-Encoding: chunked\r\n", "1b\r\n" + Refund + "\r\n0\r\n\r\n", 400, Malformed),
        Post("chunk lines that end in LF", Json + "Transfer-Encoding: chunked\r\n", "1c\n" + Refund + "\n0\n\n", 400, Malformed),
        Post("line break in a chunk extension", Json + "Transfer-Encoding: chunked\r\n", "1c;a\nb\r\n" + Refund + "\r\n0\r\n\r\n", 400, Malformed),
        Post("request in the body's tail", Json + "Content-Length: 28\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nGET /tools/crm/customers/42 HTTP/1.1\r\n" + Auth + "\r\n", 400, Malformed),
        Post("chunks in HTTP/1.0", Json + "Transfer-Encoding: chunked\r\n", "1c\r\n" + Refund + "\r\n0\r\n\r\n", 400, Malformed, version: "HTTP/1.0"),
        Get("body on a call without one", "Content-Length: 2\r\n", "{}", 400, ReasonCodes.BodyUnexpected),
        Get("chunks on a call without a body", "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", 400, ReasonCodes.BodyUnexpected),
    ];

    private static IEnumerable<Attempt> Heads() =>
    [
        Raw("folded header", $"GET {Attacker.Customer} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer\r\n {{token}}\r\n\r\n", 400, Malformed),
        Raw("lines that end in LF", $"GET {Attacker.Customer} HTTP/1.1\nHost: localhost\nAuthorization: Bearer {{token}}\n\n", 400, Malformed),
        Get("CR in a value", "X-A: a\rX-B: b\r\n", "", 400, Malformed),
        Get("NUL in a value", "X-A: a\0b\r\n", "", 400, Malformed),
        Get("NUL in a name", "X\0A: b\r\n", "", 400, Malformed),
        Get("space in a name", "X A: b\r\n", "", 400, Malformed),
        Get("empty name", ": b\r\n", "", 400, Malformed),
        Get("no colon", "X-A\r\n", "", 400, Malformed),
        Get("name beyond ASCII", "X-\u00e9: b\r\n", "", 400, Malformed),
        Get("value that is not UTF-8", "Agent-Task: \u00ff\r\n", "", 400, Malformed),
        Raw("no host", $"GET {Attacker.Customer} HTTP/1.1\r\nAuthorization: Bearer {{token}}\r\n\r\n", 400, Malformed),
        Get("two hosts", "Host: other\r\n", "", 400, Malformed),
        Raw("host with a user", $"GET {Attacker.Customer} HTTP/1.1\r\nHost: a@b\r\nAuthorization: Bearer {{token}}\r\n\r\n", 400, Malformed),
        Raw("host with a path", $"GET {Attacker.Customer} HTTP/1.1\r\nHost: a/b\r\nAuthorization: Bearer {{token}}\r\n\r\n", 400, Malformed),
        Line("method in lower case", $"get {Attacker.Customer}", 405, ReasonCodes.MethodNotAllowed),
        Line("method in mixed case", $"Get {Attacker.Customer}", 405, ReasonCodes.MethodNotAllowed),
        Line("method TRACE", $"TRACE {Attacker.Customer}", 405, ReasonCodes.MethodNotAllowed),
        Line("method that is another's prefix", $"GE {Attacker.Customer}", 405, ReasonCodes.MethodNotAllowed),
        Line("method with a NUL", $"GET\0 {Attacker.Customer}", 400, Malformed),
        Line("method with a separator", $"G(T {Attacker.Customer}", 400, Malformed),
        Line("two spaces", $"GET  {Attacker.Customer}", 400, Malformed),
        Line("tab between the parts", $"GET\t{Attacker.Customer}", 400, Malformed),
        Raw("no version", $"GET {Attacker.Customer}\r\n{Auth}\r\n", 400, Malformed),
        Raw("unknown version", $"GET {Attacker.Customer} HTTP/1.2\r\n{Auth}\r\n", 505, Malformed),
        Raw("version 2 as text", $"GET {Attacker.Customer} HTTP/2.0\r\n{Auth}\r\n", 505, Malformed),
        Raw("space before the method", $" GET {Attacker.Customer} HTTP/1.1\r\n{Auth}\r\n", 400, Malformed),
        Get("other expectation", "Expect: 100-continue, other\r\n", "", 400, ReasonCodes.HeaderInvalid),
        Get("upgrade to h2c", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "", 400, ReasonCodes.UpgradeRefused),
        Get("upgrade to a websocket", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "", 400, ReasonCodes.UpgradeRefused),
        Raw("CONNECT", $"CONNECT localhost:443 HTTP/1.1\r\n{Auth}\r\n", 400, Malformed),
        Get("many headers", string.Concat(Enumerable.Range(0, 120).Select(i => $"x-{i}: 1\r\n")), "", 431, ReasonCodes.HeadersTooLarge),
        Get("large header", $"x: {new string('a', 40_000)}\r\n", "", 431, ReasonCodes.HeadersTooLarge),
        Line("long target", $"GET {Attacker.Customer}{new string('a', 20_000)}", 414, ReasonCodes.TargetInvalid),
        Get("intent twice", "Agent-Task: a\r\nAgent-Task: b\r\n", "", 400, ReasonCodes.IntentInvalid),
    ];

    private static IEnumerable<Attempt> Targets()
    {
        string[] targets =
        [
            "https://localhost/tools/crm/customers/42", "//tools/crm/customers/42", "/tools//crm/customers/42",
            "/tools/crm/./customers/42", "/tools/crm/x/../customers/42", "/tools/crm/customers/42/..", "/tools/crm/customers/.", "/tools/crm/customers/%2e%2e",
            "/tools/crm/customers/.%2e", "/tools/crm/customers/%252e%252e", "/tools/crm%2fcustomers/42", "/tools/crm%2Fcustomers/42", "/tools%2Fcrm/customers/42",
            "/tools/crm/customers/a%5Cb", "/tools/crm/customers/a\\..\\b", "/tools/crm/customers/%c0%ae%c0%ae", "/tools/crm/customers/%C0%AF", "/tools/crm/customers/%E0%80%AF",
            "/tools/crm/customers/%F0%80%80%AF", "/tools/crm/customers/%ED%A0%80", "/tools/crm/customers/%FF", "/tools/crm/customers/a%0D%0Ab",
            "/tools/crm/customers/a%09b", "/tools/crm/customers/a%7Fb", "/tools/crm/customers/42;v=1", "/tools/crm;x/customers/42", "/tools/crm/customers/42%3Bv", "/tools/crm/customers/%34%32",
            "/tools/crm/customers/%c3%a9", "/tools/crm/customers/%zz", "/tools/crm/customers/%4", "/tools/crm/customers/a|b", "/tools/crm/customers/<a>",
            "/tools/crm/customers/42#x", "/tools/crm/customers/42/", "/tools/crm/Customers/42", "/tools/crm/customers/42?fields=a;b", "/tools/crm/customers/42?%66ields=a",
            "/tools/crm/customers/42?fields=%ff", "/tools/crm/customers/42?fields=a%00", "/tools/crm/customers/42?fields[]=a", "/tools/crm/customers/42?fields=a?b",
        ];
        foreach (var target in targets)
            yield return Line($"target {Visible(target)}", $"GET {target}", 400, ReasonCodes.TargetInvalid);
        foreach (var target in new[] { "http://127.0.0.1:7001/customers/42", "/tools/crm/customers/%00", "/tools/crm/customers/\u00e9" })
            yield return Line($"target {Visible(target)}", $"GET {target}", 400, Malformed);
        foreach (var target in new[] { "localhost:443", "*" })
            yield return Line($"target {target}", $"GET {target}", 405, ReasonCodes.MethodNotAllowed);
        foreach (var query in new[] { "", "other=1", "Fields=a", "FIELDS=a&fields=b", "=a", "&", "fields=a&" })
            yield return Line($"query ?{query}", $"GET {Attacker.Customer}?{query}", 400, ReasonCodes.QueryInvalid);
        yield return Line("tool in upper case", "GET /tools/CRM/customers/42", 404, ReasonCodes.ToolUnknown);
        yield return Line("tool without its prefix", "GET /customers/42", 404, ReasonCodes.ToolUnknown);
        yield return Line("path of the upstream", "GET /tools/crm/health", 404, ReasonCodes.ActionUnknown);
    }

    /// <summary>Credentials in places where they do not count.</summary>
    private static IEnumerable<Attempt> Credentials()
    {
        string[] elsewhere =
        [
            "Proxy-Authorization: Bearer {token}", "Cookie: access_token={token}", "X-Api-Key: {token}", "X-Auth-Token: {token}", "X-Forwarded-User: spiffe://acme.test/agent/support",
            "X-Forwarded-Client-Cert: By=spiffe://acme.test/gateway;URI=spiffe://acme.test/agent/support", "Client-Cert: :AAAA:", "X-SSL-Client-Cert: x", "DPoP: {token}", "Txn-Token: {token}",
            "Authorization\u00a0: Bearer {token}", "Authorizatio: Bearer {token}",
        ];
        foreach (var header in elsewhere)
        {
            // The name with a byte beyond ASCII is no header name at all.
            var (status, reason) = header.Contains('\u00a0', StringComparison.Ordinal) ? (400, Malformed) : (401, ReasonCodes.CredentialMissing);
            yield return Raw($"credential in {Visible(header.Split(':')[0])}", $"GET {Attacker.Customer} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n", status, reason);
        }

        foreach (var value in new[] { "Bearer {token}, Bearer {token}", "Bearer\t{token}", "Bearer", "Bearer ", "Basic {token}", "{token}", "Bearer \"{token}\"", "Bearer {token} x", "Bearer token={token}" })
            yield return Raw($"authorization {value}", $"GET {Attacker.Customer} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {value}\r\nConnection: close\r\n\r\n", 401, ReasonCodes.TokenInvalid);
        yield return Get("two authorizations", "Authorization: Bearer {token}\r\n", "", 400, ReasonCodes.TokenInvalid);
        yield return Line("token in the query", $"GET {Attacker.Customer}?access_token={{token}}", 400, ReasonCodes.CredentialInQuery);
        yield return Line("token in the query, encoded name", $"GET {Attacker.Customer}?access%5Ftoken={{token}}", 400, ReasonCodes.CredentialInQuery);
        yield return Raw(
            "token in a form", $"POST /tools/crm/refunds HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: 14\r\n\r\naccess_token=x", 401, ReasonCodes.CredentialMissing);
    }

    private static IEnumerable<Attempt> Bodies()
    {
        (string Name, string Body)[] bodies =
        [
            ("member twice", "{\"amount\":1,\"amount\":40}"), ("member twice, escaped", "{\"amount\":1,\"\\u0061mount\":40}"), ("member twice, other case", "{\"amount\":1,\"Amount\":40}"),
            ("member twice, deep", "{\"a\":[{\"b\":1,\"b\":2}]}"), ("two values", Refund + Refund), ("tail", Refund + "x"), ("comment", "{/**/\"amount\":40}"), ("trailing comma", "{\"amount\":40,}"),
            ("single quotes", "{'amount':40}"), ("unquoted name", "{amount:40}"), ("NaN", "{\"amount\":NaN}"), ("infinite number", "{\"amount\":1e999}"), ("number of 20 digits", "{\"amount\":12345678901234567890}"),
            ("leading zero", "{\"amount\":040}"), ("hexadecimal number", "{\"amount\":0x28}"), ("deep nesting", string.Concat(new string('[', 65), new string(']', 65))), ("NUL in a text", "{\"a\":\"\\u0000\"}"),
            ("half a surrogate pair", "{\"a\":\"\\ud800\"}"), ("not UTF-8", "{\"a\":\"\u00ff\"}"), ("overlong UTF-8", "{\"a\":\"\u00c0\u00ae\"}"), ("control character", "{\"a\":\"\n\"}"), ("byte order mark", "\u00ef\u00bb\u00bf" + Refund),
            ("UTF-16", "\u00ff\u00fe{\0\"\0a\0\"\0:\01\0}\0"), ("UTF-16 without a mark", "{\0\"\0a\0\"\0:\01\0}\0"), ("nothing", ""), ("only a space", " "), ("JSON Lines", Refund + "\n" + Refund), ("gzip without saying so", "\u001f\u008b\u0008\0\0\0\0\0"),
        ];
        foreach (var (name, body) in bodies)
            yield return Post($"body with {name}", $"{Json}Content-Length: {body.Length}\r\n", body, 400, ReasonCodes.BodyInvalid);
        (string Name, string Headers)[] types =
        [
            ("no type", ""), ("a form's type", "Content-Type: application/x-www-form-urlencoded\r\n"), ("multipart", "Content-Type: multipart/form-data; boundary=a\r\n"), ("text", "Content-Type: text/plain\r\n"),
            ("two types", Json + "Content-Type: text/plain\r\n"), ("a list of types", "Content-Type: application/json, text/plain\r\n"), ("another charset", "Content-Type: application/json; charset=utf-16\r\n"),
            ("two charsets", "Content-Type: application/json; charset=utf-8; charset=utf-7\r\n"), ("gzip", Json + "Content-Encoding: gzip\r\n"), ("a list of encodings", Json + "Content-Encoding: identity, gzip\r\n"),
        ];
        foreach (var (name, headers) in types)
            yield return Post($"body with {name}", $"{headers}Content-Length: {Refund.Length}\r\n", Refund, 415, ReasonCodes.MediaTypeUnsupported);
        yield return Post("body too large", Json + "Content-Length: 1048577\r\n", "", 413, ReasonCodes.BodyTooLarge);
        yield return Post("body too large in chunks", Json + "Transfer-Encoding: chunked\r\n", string.Concat(Enumerable.Repeat($"10000\r\n{new string(' ', 0x10000)}\r\n", 17)) + "0\r\n\r\n", 413, ReasonCodes.BodyTooLarge);
    }

    private static IEnumerable<Attempt> Slow() =>
    [
        Raw("headers that stop", $"GET {Attacker.Customer} HTTP/1.1\r\nHost: localhost\r\nAuth", 408, ReasonCodes.RequestTimeout),
        Post("body that stops", Json + "Content-Length: 28\r\n", "{", 408, ReasonCodes.RequestTimeout),
        Post("chunks that stop", Json + "Transfer-Encoding: chunked\r\n", "5\r\n{", 408, ReasonCodes.RequestTimeout),
    ];

    private static Attempt Raw(string name, string request, int status, string reason) => new(name, status, reason, attacker => attacker.SendAsync(request));

    private static Attempt Line(string name, string line, int status, string reason) => Raw(name, $"{line} HTTP/1.1\r\n{Auth}\r\n", status, reason);

    private static Attempt Get(string name, string headers, string body, int status, string reason) =>
        Raw(name, $"GET {Attacker.Customer} HTTP/1.1\r\n{Auth}{headers}\r\n{body}", status, reason);

    /// <summary>A call of high risk, with all that the policy asks for: a certificate, and a token that verifies the intent.</summary>
    private static Attempt Post(string name, string headers, string body, int status, string reason, string version = "HTTP/1.1") => new(
        name, status, reason, attacker => attacker.SendRefundAsync($"POST /tools/crm/refunds {version}\r\n{Auth}{headers}\r\n{body}"));

    private static string Visible(string text) => string.Concat(text.Select(c => c is > ' ' and < '\u007f' ? c.ToString() : $"\\x{(int)c:x2}"));
}
