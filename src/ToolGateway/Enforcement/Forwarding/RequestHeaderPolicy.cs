using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ToolGateway.ToolCalls;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Which request headers reach the tool. What is not listed does not.</summary>
internal static class RequestHeaderPolicy
{
    private static readonly FrozenSet<string> Standard = FrozenSet.ToFrozenSet(
        [
            "Accept", "Accept-Language", "Content-Type", "User-Agent", "Idempotency-Key",
            "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> WebSocket = FrozenSet.ToFrozenSet(
        ["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies what is allowed, and adds trace context and the gateway's own credential.</summary>
    public static void Apply(HttpContext context, ToolCall call, HttpRequestMessage request)
    {
        var tool = call.Tool;
        var isUpgrade = tool.AllowUpgrade && HeaderChecks.IsUpgrade(context);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (Standard.Contains(name) || tool.ForwardHeaders.Contains(name) || (isUpgrade && WebSocket.Contains(name)))
                Add(request, name, values);
        }

        AddLength(context.Request, call, request);
        TraceContext.Apply(context.Request.Headers, request);
        if (tool.Credential is not { } credential)
            return;
        request.Headers.Remove(credential.Header);
        request.Headers.TryAddWithoutValidation(credential.Header, credential.Value);
    }

    private static void Add(HttpRequestMessage request, string name, StringValues values)
    {
        // Content-Type and its like belong to the content; without one they describe nothing.
        foreach (var value in values)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void AddLength(HttpRequest source, ToolCall call, HttpRequestMessage request)
    {
        if (request.Content is { } content)
            content.Headers.ContentLength = call.BodyMode == BodyMode.Json ? call.Body.Length : source.ContentLength;
    }
}
