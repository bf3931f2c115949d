namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>
/// Requests that try to have something done that was not decided: as the change of one good call of <c>read_file</c>, whose argument <c>region</c> is mirrored in a header.
/// Headers are lines, bodies are bytes as Latin-1.
/// </summary>
internal static class BypassCases
{
    public const string Meta = """ "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}} """;
    public const string Params = """{"name":"read_file","arguments":{"path":"/a","region":"eu"},""" + Meta + "}";
    public const string Body = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":""" + Params + "}";

    public static readonly IReadOnlyDictionary<string, string?> Headers = new Dictionary<string, string?>
    {
        ["MCP-Protocol-Version"] = "2026-07-28",
        ["Mcp-Method"] = "tools/call",
        ["Mcp-Name"] = "read_file",
        ["Mcp-Param-Region"] = "eu",
        ["Content-Type"] = "application/json",
    };

    /// <summary>Values of one header; null leaves it out, and a line end followed by a name gives it twice.</summary>
    public static IEnumerable<(string Header, string? Value)> ChangedHeaders =>
    [
        ("Mcp-Name", "delete_file"), ("Mcp-Name", null), ("Mcp-Name", ""), ("Mcp-Name", "READ_FILE"), ("Mcp-Name", "read_file,delete_file"), ("Mcp-Name", "read%5Ffile"),
        ("Mcp-Name", "read_file\r\nMcp-Name: delete_file"), ("Mcp-Name", "delete_file\r\nmcp-name: read_file"), ("Mcp-Name", "read_file\r\nMCP-NAME: read_file"),
        ("Mcp-Name", "=?base64?ZGVsZXRlX2ZpbGU=?="), ("Mcp-Name", "=?BASE64?cmVhZF9maWxl?="), ("Mcp-Name", "=?utf-8?B?cmVhZF9maWxl?="), ("Mcp-Name", "=?utf-8?Q?read_file?="),
        ("Mcp-Name", "=?base64?cmVhZF9maWxl"), ("Mcp-Name", "=?base64?cmVhZF9maWxl=?="), ("Mcp-Name", "=?base64?cmVh ZF9maWxl?="), ("Mcp-Name", "=?base64?cmVhZF9maWxlA===?="),
        ("Mcp-Name", "=?base64?cmVhZF9maWz/?="), ("Mcp-Name", "=?base64?/w==?="), ("Mcp-Name", "=?base64??="), ("Mcp-Name", "=?base64?=?base64?cmVhZF9maWxl?=?="),
        ("Mcp-Method", "tools/list"), ("Mcp-Method", null), ("Mcp-Method", "Tools/Call"), ("Mcp-Method", "tools/call\r\nMcp-Method: tools/list"), ("Mcp-Method", "=?base64?dG9vbHMvbGlzdA==?="),
        ("Mcp-Param-Region", "us"), ("Mcp-Param-Region", null), ("Mcp-Param-Region", "EU"), ("Mcp-Param-Region", "eu\r\nmcp-param-region: us"), ("Mcp-Param-Region", "=?base64?dXM=?="),
        ("Mcp-Param-Region", "=?base64?ZXU?="), ("Mcp-Param-Region", "=?base64?ZXV=?="), ("Mcp-Param-Region", "\"eu\""), ("Mcp-Param-Region", "eu\r\nMcp-Param-Zone: 1"),
        ("MCP-Protocol-Version", "2025-11-25"), ("MCP-Protocol-Version", null), ("MCP-Protocol-Version", "2026-07-28\r\nMCP-Protocol-Version: 2025-11-25"),
        ("MCP-Protocol-Version", "2027-01-01"), ("MCP-Protocol-Version", "2026-07-28x"), ("MCP-Protocol-Version", "=?base64?MjAyNi0wNy0yOA==?="), ("MCP-Protocol-Version", "9"),
        ("Content-Type", "text/plain"), ("Content-Type", null), ("Content-Type", "application/json; charset=utf-16"), ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Type", "application/json\r\nContent-Type: text/plain"), ("Content-Type", "application/json\r\nContent-Encoding: gzip"), ("Content-Type", "application/json\r\nOrigin: null"),
    ];

    /// <summary>What stands in the place of a part of the good body.</summary>
    public static IEnumerable<(string Part, string Replacement)> ChangedBodies =>
    [
        ("\"name\":\"read_file\"", "\"name\":\"read_file\",\"name\":\"delete_file\""), ("\"name\":\"read_file\"", "\"name\":\"delete_file\",\"name\":\"read_file\""),
        ("\"name\":\"read_file\"", "\"name\":\"read_file\",\"n\\u0061me\":\"delete_file\""), ("\"name\":\"read_file\"", "\"name\":\"read_file\",\"NAME\":\"delete_file\""),
        ("\"name\":\"read_file\"", "\"name\":\"delete_file\""), ("\"name\":\"read_file\"", "\"name\":[\"read_file\"]"), ("\"name\":\"read_file\"", "\"name\":7"),
        ("\"name\":\"read_file\"", "\"name\":\"../read_file\""), ("\"name\":\"read_file\"", "\"name\":\"read_file\\u0000\""), ("\"name\":\"read_file\"", "\"name\":\"mcp:tools/list\""),
        ("\"name\":\"read_file\"", "\"name\":\"READ_FILE\""), ("\"name\":\"read_file\"", "\"name\":\"read_file \""), ("\"name\":\"read_file\",", ""),
        ("\"region\":\"eu\"", "\"region\":\"eu\",\"region\":\"us\""), ("\"region\":\"eu\"", "\"region\":null"), ("\"region\":\"eu\"", "\"Region\":\"eu\""), ("\"region\":\"eu\"", "\"region\":[\"eu\"]"),
        ("\"region\":\"eu\"", "\"region\":\"eu\",\"deep\":{\"a\":1,\"A\":2}"), ("\"region\":\"eu\"", "\"region\":\"eu\",\"n\":1e400"), ("\"region\":\"eu\"", "\"region\":\"eu\",\"n\":01"),
        ("\"region\":\"eu\"", "\"region\":\"eu\",\"n\":NaN"), ("\"region\":\"eu\"", "\"region\":\"eu\",\"n\":12345678901234567890123"), ("\"region\":\"eu\"", "\"region\":\"eu\",\"s\":\"\\ud800\""),
        ("\"region\":\"eu\"", "\"region\":\"eu\",\"s\":\"\xc3\x28\""), ("\"region\":\"eu\"", "\"region\":\"eu\",\"s\":\"\xc0\xae\""), ("\"region\":\"eu\"", "\"region\":\"eu\",/**/\"s\":1"),
        ("\"region\":\"eu\"", "\"region\":\"eu\","), ("\"arguments\":{", "\"arguments\":{},\"arguments\":{"), ("\"arguments\":{", "\"Arguments\":{},\"arguments\":{"),
        ("{\"path\":\"/a\",\"region\":\"eu\"}", "null"), ("{\"path\":\"/a\",\"region\":\"eu\"}", "\"{}\""), ("{\"path\":\"/a\",\"region\":\"eu\"}", "[{\"region\":\"eu\"}]"),
        ("\"method\":\"tools/call\"", "\"method\":\"tools/list\",\"method\":\"tools/call\""), ("\"method\":\"tools/call\"", "\"method\":\"Tools/Call\""),
        ("\"method\":\"tools/call\"", "\"method\":\"tools/call \""), ("\"method\":\"tools/call\"", "\"method\":\"tools//call\""), ("\"method\":\"tools/call\"", "\"method\":\"tasks/list\""),
        ("\"method\":\"tools/call\"", "\"method\":\"notifications/cancelled\""), ("\"method\":\"tools/call\"", "\"method\":\"initialize\""), ("\"method\":\"tools/call\"", "\"method\":[\"tools/call\"]"),
        ("\"method\":\"tools/call\"", "\"method\":\"tools/call\",\"result\":{}"), ("\"method\":\"tools/call\"", "\"result\":{}"), ("\"method\":\"tools/call\"", "\"error\":{\"code\":1,\"message\":\"\"}"),
        ("\"id\":1,", ""), ("\"id\":1", "\"id\":null"), ("\"id\":1", "\"id\":1.5"), ("\"id\":1", "\"id\":true"), ("\"id\":1", "\"id\":{}"), ("\"id\":1", "\"id\":[1]"),
        ("\"id\":1", "\"id\":9223372036854775808"), ("\"id\":1", "\"id\":1e30"), ("\"id\":1", "\"id\":1,\"id\":2"), ("\"id\":1", "\"id\":1,\"ID\":2"), ("\"id\":1", $"\"id\":\"{new string('i', 300)}\""),
        ("\"jsonrpc\":\"2.0\"", "\"jsonrpc\":\"1.0\""), ("\"jsonrpc\":\"2.0\"", "\"jsonrpc\":2.0"), ("\"jsonrpc\":\"2.0\",", ""), ("\"jsonrpc\":\"2.0\"", "\"jsonrpc\":\"2.0\",\"jsonrpc\":\"1.0\""),
        ("protocolVersion\":\"2026-07-28\"", "protocolVersion\":\"2025-11-25\""), ("protocolVersion\":\"2026-07-28\"", "protocolVersion\":[\"2026-07-28\"]"),
        ("\"io.modelcontextprotocol/clientCapabilities\":{}", "\"io.modelcontextprotocol/clientCapabilities\":[]"), (Meta, "\"_meta\":[]"), (Meta, "\"_meta\":{}"), ("," + Meta, ""),
        ("\"params\":" + Params, "\"params\":[" + Params + "]"), (",\"params\":" + Params, ""), (Body, "[" + Body + "]"), (Body, "[[" + Body + "]]"), (Body, "[]"), (Body, Body + Body),
        (Body, Body + "\n{}"), (Body, Body + "\0"), (Body, "\0" + Body), (Body, "\xef\xbb\xbf" + Body), (Body, "\x1e" + Body), (Body, ""), (Body, "null"), (Body, "\"" + "x\""), (Body, Body[..^1]),
        (Body, string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200)), (Body, string.Concat(Body.Select(c => $"{c}\0"))),
        (Body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"pad\":\"" + new string('x', 1 << 20) + "\"}}"),
    ];
}
