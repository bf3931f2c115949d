using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ToolGateway.Enforcement.Blocking;

/// <summary>Writes a block as problem details (RFC 9457).</summary>
internal static class ProblemWriter
{
    private const string TypePrefix = "urn:toolgateway:problem:";

    /// <summary>A problem is JSON and never HTML, so quotes need no escapes that people would have to read.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes headers and body. The response must not have started.</summary>
    public static ValueTask WriteAsync(HttpContext context, string decisionId, Block block)
    {
        var body = Body(decisionId, block);
        WriteHead(context.Response, block);
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.Length;

        // Not with the request's token: a call that was cut still gets its answer.
        return context.Response.Body.WriteAsync(body, CancellationToken.None);
    }

    /// <summary>Status and the headers that every protocol's answer has.</summary>
    public static void WriteHead(HttpResponse response, Block block)
    {
        response.StatusCode = block.Status;
        response.Headers.CacheControl = "no-store";
        if (block.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (block.Allow is { } allow)
            response.Headers.Allow = allow;

        // After bytes that may be half a message, what follows on an HTTP/1 connection is no request.
        if (block.ClosesConnection && !HttpProtocol.IsHttp2(response.HttpContext.Request.Protocol))
            response.Headers.Connection = "close";
    }

    private static ReadOnlyMemory<byte> Body(string decisionId, Block block)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Readable);
        writer.WriteStartObject();
        writer.WriteString("type"u8, TypeOf(block));
        writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(block.Status));
        writer.WriteNumber("status"u8, block.Status);
        writer.WriteString("detail"u8, block.Detail);
        writer.WriteString("decision_id"u8, decisionId);
        writer.WriteStartArray("reasons"u8);
        foreach (var reason in block.Reasons)
            writer.WriteStringValue(reason);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The kind of problem. A policy's own reasons are of one kind; the gateway's each of their own.</summary>
    public static string TypeOf(Block block) => TypePrefix + (ReasonCodes.All.Contains(block.Reason) ? block.Reason : "denied");
}
