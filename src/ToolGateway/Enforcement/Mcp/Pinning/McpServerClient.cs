using System.Net.Http.Headers;
using System.Text;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp.Pinning;

/// <summary>As much of a client as it takes to list a server's tools, in either era of the protocol.</summary>
internal sealed class McpServerClient(HttpMessageInvoker http, Uri address, ToolCredential? credential)
{
    private const string LegacyVersion = "2025-11-25";
    private const int MaxBytes = 16 << 20;
    private const int MaxPages = 1000;
    private const string ClientInfo = """{"name":"toolgateway","version":"1"}""";
    private const string ModernMeta = $$$"""{"{{{McpNames.VersionMeta}}}":"{{{McpVersions.Modern}}}","{{{McpNames.CapabilitiesMeta}}}":{}}""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private string? _session;
    private int _id;

    /// <summary>The definitions as listed.</summary>
    public async Task<IReadOnlyList<RegoObject>> ListToolsAsync(CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        return await ListAsync(limited.Token).ConfigureAwait(false);
    }

    private async Task<List<RegoObject>> ListAsync(CancellationToken cancellation)
    {
        var first = await SendAsync(McpMethods.ListTools, $$$"""{"_meta":{{{ModernMeta}}}}""", McpVersions.Modern, cancellation).ConfigureAwait(false);
        if (first is not null)
            return await PagesAsync(first, isModern: true, cancellation).ConfigureAwait(false);
        var parameters = $$$"""{"protocolVersion":"{{{LegacyVersion}}}","capabilities":{},"clientInfo":{{{ClientInfo}}}}""";
        if (await SendAsync(McpMethods.Initialize, parameters, null, cancellation).ConfigureAwait(false) is null)
            throw new McpServerException("it answers neither tools/list nor initialize");
        await NotifyAsync("notifications/initialized", cancellation).ConfigureAwait(false);
        first = await SendAsync(McpMethods.ListTools, "{}", LegacyVersion, cancellation).ConfigureAwait(false) ?? throw new McpServerException("it does not answer tools/list");
        var tools = await PagesAsync(first, isModern: false, cancellation).ConfigureAwait(false);
        await EndAsync(cancellation).ConfigureAwait(false);
        return tools;
    }

    private async Task<List<RegoObject>> PagesAsync(RegoObject page, bool isModern, CancellationToken cancellation)
    {
        var tools = new List<RegoObject>();
        for (var pages = 1; ; pages++)
        {
            if (!page.TryGetValue("tools", out var listed) || listed is not RegoArray items || pages > MaxPages)
                throw new McpServerException("its list of tools is none, or has no end");
            foreach (var item in items)
                tools.Add(item as RegoObject ?? throw new McpServerException("it lists a tool that is no object"));
            if (!page.TryGetValue("nextCursor", out var cursor) || cursor is not RegoString)
                return tools;
            var parameters = isModern ? $$$"""{"cursor":{{{cursor.ToJson()}}},"_meta":{{{ModernMeta}}}}""" : $$"""{"cursor":{{cursor.ToJson()}} }""";
            page = await SendAsync(McpMethods.ListTools, parameters, isModern ? McpVersions.Modern : LegacyVersion, cancellation).ConfigureAwait(false)
                ?? throw new McpServerException("it does not list the tools to the end");
        }
    }

    /// <summary>The result of a request, or null when the server refuses it.</summary>
    private async Task<RegoObject?> SendAsync(string method, string parameters, string? version, CancellationToken cancellation)
    {
        var id = ++_id;
        using var request = Post($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}} }""", version);
        request.Headers.Add(McpNames.MethodHeader, method);
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            return null;
        if (response.Headers.TryGetValues(McpNames.SessionHeader, out var sessions))
            _session = sessions.Single();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        return response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? await FromEventsAsync(body, id, cancellation).ConfigureAwait(false)
            : ResultOf(await ReadAsync(body, cancellation).ConfigureAwait(false), id);
    }

    private async Task NotifyAsync(string method, CancellationToken cancellation)
    {
        using var request = Post($$"""{"jsonrpc":"2.0","method":"{{method}}"}""", LegacyVersion);
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
    }

    private async Task EndAsync(CancellationToken cancellation)
    {
        if (_session is null)
            return;
        using var request = Prepared(HttpMethod.Delete, LegacyVersion);
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
    }

    private HttpRequestMessage Post(string body, string? version)
    {
        var request = Prepared(HttpMethod.Post, version);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        return request;
    }

    private HttpRequestMessage Prepared(HttpMethod method, string? version)
    {
        var request = new HttpRequestMessage(method, address);
        if (version is not null)
            request.Headers.Add(McpNames.VersionHeader, version);
        if (_session is not null)
            request.Headers.Add(McpNames.SessionHeader, _session);
        if (credential is not null)
            request.Headers.TryAddWithoutValidation(credential.Header, credential.Value);
        return request;
    }

    private static async Task<RegoObject?> FromEventsAsync(Stream body, int id, CancellationToken cancellation)
    {
        await foreach (var item in SseEvents.ReadAsync(body, MaxBytes, cancellation).ConfigureAwait(false))
        {
            if (item.Data is { Length: > 0 } data && RegoJson.Parse(data) is RegoObject message && !message.TryGetValue("method", out _))
                return ResultOf(message, id);
        }

        return null;
    }

    private static async Task<RegoValue> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var bytes = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await EventLoop.ReadAndLeaveAsync(body, chunk, cancellation).ConfigureAwait(false)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
                throw new McpServerException($"its answer is longer than {MaxBytes} bytes");
            bytes.Write(chunk.AsSpan(0, read));
        }

        return RegoJson.Parse(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static RegoObject? ResultOf(RegoValue answer, int id) =>
        answer is RegoObject message && message.TryGetValue("id", out var value) && value is RegoNumber number && number.TryGetInt64(out var known) && known == id
        && message.TryGetValue("result", out var result)
            ? result as RegoObject
            : null;
}
