using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using ToolGateway.Enforcement.Redaction;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Carries out <c>redact_response</c> in a result: in its structured content, and in texts that are JSON. Other content cannot be redacted for certain.</summary>
internal static class McpRedaction
{
    /// <summary>Members of results that carry nothing that a tool computed, or are redacted below.</summary>
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "_meta", "cacheScope", "content", "contents", "createdAt", "inputRequests", "isError", "lastUpdatedAt", "pollIntervalMs", "requestState", "resultType",
            "status", "statusMessage", "structuredContent", "task", "taskId", "ttl", "ttlMs",
        ],
        StringComparer.Ordinal);

    /// <summary>The redacted message, or null when the result has content that cannot be redacted.</summary>
    public static RegoObject? Apply(RegoObject message, IReadOnlyList<string> pointers)
    {
        if (!message.TryGetValue("result", out var value) || value is not RegoObject result)
            return message;
        foreach (var (name, _) in result)
        {
            if (name is not RegoString { Value: var text } || !Known.Contains(text))
                return null;
        }

        if (result.TryGetValue("structuredContent", out var structured))
        {
            if (Redact(structured.ToJson(), pointers) is not { } redacted)
                return null;
            result = result.With("structuredContent", redacted);
        }

        foreach (var member in (ReadOnlySpan<string>)["content", "contents"])
        {
            if (!result.TryGetValue(member, out var content))
                continue;
            if (content is not RegoArray parts || RedactParts(parts, pointers) is not { } redacted)
                return null;
            result = result.With(member, redacted);
        }

        return message.With("result", result);
    }

    private static RegoArray? RedactParts(RegoArray parts, IReadOnlyList<string> pointers)
    {
        var redacted = new List<RegoValue>(parts.Count);
        foreach (var part in parts)
        {
            // What resources/read gives has no type.
            if (part is not RegoObject members || (members.TryGetValue("type", out var type) && type is not RegoString { Value: "text" })
                || !members.TryGetValue("text", out var text) || text is not RegoString { Value: var json }
                || Redact(json, pointers) is not { } clean)
            {
                return null;
            }

            redacted.Add(members.With("text", new RegoString(clean.ToJson())));
        }

        return RegoArray.From(redacted);
    }

    private static RegoValue? Redact(string json, IReadOnlyList<string> pointers)
    {
        try
        {
            return JsonRedactor.Redact(Encoding.UTF8.GetBytes(json), pointers) is { } bytes ? RegoJson.Parse(bytes.Span) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
