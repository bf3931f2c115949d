using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Bodies;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>What a JSON-RPC message is.</summary>
internal enum McpMessageKind
{
    Request,
    Notification,
    Response,
}

/// <summary>One JSON-RPC message of a client.</summary>
/// <param name="Id">The id of a request or response, a string or an integer.</param>
/// <param name="Params">The parameters; empty when there are none.</param>
internal sealed record McpMessage(McpMessageKind Kind, RegoValue? Id, string Method, RegoObject Params)
{
    public RegoObject Meta { get; } = Params.TryGetValue("_meta", out var meta) && meta is RegoObject members ? members : RegoObject.Empty;

    /// <summary>A text member of <c>params</c>.</summary>
    public string? Text(string member) => Params.TryGetValue(member, out var value) && value is RegoString text ? text.Value : null;

    public string? MetaText(string member) => Meta.TryGetValue(member, out var value) && value is RegoString text ? text.Value : null;

    /// <summary>Reads a body. Without a message, the problem says why, and <c>Code</c> is the JSON-RPC code that goes with it.</summary>
    public static McpReading Read(ReadOnlySpan<byte> body)
    {
        if (JsonCheck.Check(body) is { } problem)
            return McpReading.Failed(McpErrorCodes.Parse, problem, null);
        return RegoJson.Parse(body) switch
        {
            RegoArray => McpReading.Failed(McpErrorCodes.InvalidRequest, "Batches are not accepted; send each message by itself.", null),
            RegoObject message => ReadMessage(message),
            _ => McpReading.Failed(McpErrorCodes.InvalidRequest, "The body must be one JSON-RPC message.", null),
        };
    }

    private static McpReading ReadMessage(RegoObject message)
    {
        var hasId = message.TryGetValue("id", out var id);
        if (hasId && !IsId(id!))
            return McpReading.Failed(McpErrorCodes.InvalidRequest, "The id must be a string or an integer, and never null.", null);
        if (!message.TryGetValue("jsonrpc", out var version) || version is not RegoString { Value: "2.0" })
            return McpReading.Failed(McpErrorCodes.InvalidRequest, "The member jsonrpc must be \"2.0\".", id);
        if (!message.TryGetValue("method", out var method))
            return ReadResponse(message, id);
        if (method is not RegoString { Value: { Length: > 0 } name } || message.TryGetValue("result", out _) || message.TryGetValue("error", out _))
            return McpReading.Failed(McpErrorCodes.InvalidRequest, "A message has either a method, which is a text, or a result or error.", id);
        if (message.TryGetValue("params", out var parameters) && parameters is not RegoObject)
            return McpReading.Failed(McpErrorCodes.InvalidParams, "The parameters must be an object.", id);
        var kind = hasId ? McpMessageKind.Request : McpMessageKind.Notification;
        if (kind == McpMessageKind.Notification != name.StartsWith("notifications/", StringComparison.Ordinal))
            return McpReading.Failed(McpErrorCodes.InvalidRequest, "A request needs an id, and a notification has none.", id);
        return new McpReading(new McpMessage(kind, id, name, parameters as RegoObject ?? RegoObject.Empty), 0, null, id);
    }

    private static McpReading ReadResponse(RegoObject message, RegoValue? id) =>
        id is not null && message.TryGetValue("result", out _) != message.TryGetValue("error", out _)
            ? new McpReading(new McpMessage(McpMessageKind.Response, id, "", RegoObject.Empty), 0, null, id)
            : McpReading.Failed(McpErrorCodes.InvalidRequest, "A message needs a method; a response needs an id and either a result or an error.", id);

    private static bool IsId(RegoValue id) => id is RegoString { Value.Length: <= 256 } || (id is RegoNumber number && number.TryGetInt64(out _));
}

/// <summary>A message, or why there is none.</summary>
internal readonly record struct McpReading(McpMessage? Message, int Code, string? Problem, RegoValue? Id)
{
    public static McpReading Failed(int code, string problem, RegoValue? id) => new(null, code, problem, id);
}
