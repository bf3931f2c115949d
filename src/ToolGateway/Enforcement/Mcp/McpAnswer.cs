using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>How a block is said in JSON-RPC: the HTTP status, and the error or result.</summary>
internal static class McpAnswer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The status. Clients give a session up on 4xx and 5xx, so a refusal of one call is 200; what is wrong with the message itself is not.</summary>
    public static int Status(Block block, McpExchange exchange)
    {
        if (exchange.Message is { Kind: McpMessageKind.Notification })
            return block.Status;
        return block.Reason switch
        {
            ReasonCodes.ActionUnknown or ReasonCodes.TaskUnknown or ReasonCodes.ToolDefinitionChanged => 200,
            ReasonCodes.Revoked or ReasonCodes.AgentDisabled or ReasonCodes.AgentExpired => block.Status,
            _ when block.Status is 403 or 429 or 500 or 502 or 503 or 504 => exchange.Id is null ? block.Status : 200,
            _ => block.Status,
        };
    }

    /// <summary>The JSON-RPC code.</summary>
    public static int Code(Block block, McpExchange exchange, int denyCode) => block.Reason switch
    {
        _ when exchange.Code is { } code => code,
        ReasonCodes.ActionUnknown or ReasonCodes.TaskUnknown => McpErrorCodes.InvalidParams,
        ReasonCodes.MethodUnknown => McpErrorCodes.MethodNotFound,
        ReasonCodes.HeaderMismatch => McpErrorCodes.HeaderMismatch,
        ReasonCodes.VersionUnsupported => McpErrorCodes.UnsupportedVersion,
        _ when block.Status is 403 or 429 => denyCode,
        _ when block.Status >= 500 => McpErrorCodes.Internal,
        _ => McpErrorCodes.InvalidRequest,
    };

    /// <summary>An error with the call's id.</summary>
    public static ReadOnlyMemory<byte> Error(Block block, McpExchange exchange, int denyCode, string decisionId)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        WriteId(writer, exchange);
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, Code(block, exchange, denyCode));
        writer.WriteString("message"u8, Message(block, exchange));
        WriteData(writer, "data"u8, block, exchange, decisionId);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>A tool's result that says that the call was denied, for models that should adapt.</summary>
    public static ReadOnlyMemory<byte> Result(Block block, McpExchange exchange, string decisionId)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        WriteId(writer, exchange);
        writer.WriteStartObject("result"u8);
        if (exchange.IsModern)
            writer.WriteString("resultType"u8, "complete"u8);
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, $"{block.Detail} Reasons: {string.Join(", ", block.Reasons)}.");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteBoolean("isError"u8, true);
        writer.WriteStartObject("_meta"u8);
        WriteData(writer, "dev.toolgateway/denial"u8, block, exchange, decisionId);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static string Message(Block block, McpExchange exchange) => block.Reason switch
    {
        ReasonCodes.ActionUnknown => Unknown(exchange.Message!),
        ReasonCodes.MethodUnknown => $"Method not found: {exchange.Message?.Method}",
        _ => block.Detail,
    };

    private static string Unknown(McpMessage message) => message.Method switch
    {
        McpMethods.CallTool => $"Unknown tool: {message.Text("name")}",
        McpMethods.GetPrompt => $"Unknown prompt: {message.Text("name")}",
        _ when message.Text("uri") is { } address => $"Unknown resource: {address}",
        _ => "Unknown prompt or resource",
    };

    private static void WriteId(Utf8JsonWriter writer, McpExchange exchange)
    {
        if (exchange.Id is not { } id)
            return;
        writer.WritePropertyName("id"u8);
        writer.WriteRawValue(id.ToJson());
    }

    private static void WriteData(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Block block, McpExchange exchange, string decisionId)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type"u8, ProblemWriter.TypeOf(block));
        writer.WriteNumber("status"u8, block.Status);
        writer.WriteString("detail"u8, block.Detail);
        writer.WriteString("decision_id"u8, decisionId);
        writer.WriteStartArray("reasons"u8);
        foreach (var reason in block.Reasons)
            writer.WriteStringValue(reason);
        writer.WriteEndArray();
        writer.WriteBoolean("retryable"u8, block.Status is 429 or 503 or 504);
        if (block.Reason == ReasonCodes.VersionUnsupported)
            WriteVersions(writer, exchange);
        writer.WriteEndObject();
    }

    private static void WriteVersions(Utf8JsonWriter writer, McpExchange exchange)
    {
        writer.WriteStartArray("supported"u8);
        foreach (var version in exchange.Supported)
            writer.WriteStringValue(version);
        writer.WriteEndArray();
        writer.WriteString("requested"u8, exchange.Version);
    }
}
