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

    /// <summary>Members of a text part, which say nothing but what the text says.</summary>
    private static readonly FrozenSet<string> KnownOfPart = FrozenSet.ToFrozenSet(["_meta", "annotations", "mimeType", "text", "type", "uri"], StringComparer.Ordinal);

    /// <summary>The redacted message, or null when the result has content that cannot be redacted.</summary>
    public static RegoObject? Apply(RegoObject message, IReadOnlyList<string> pointers)
    {
        if (!message.TryGetValue("result", out var value) || value is not RegoObject result)
            return RedactError(message, pointers);
        if (!HasOnly(result, Known))
            return null;
        result = WithoutExtras(result);
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

    /// <summary>The data of an error may be what a tool computed; anything but an object or a list is left out, because pointers say nothing about it.</summary>
    private static RegoObject? RedactError(RegoObject message, IReadOnlyList<string> pointers)
    {
        if (!message.TryGetValue("error", out var value) || value is not RegoObject error || !error.TryGetValue("data", out var data))
            return message;
        if (data is not (RegoObject or RegoArray))
            return message.With("error", error.Without("data"));
        return Redact(data.ToJson(), pointers) is { } clean ? message.With("error", error.With("data", clean)) : null;
    }

    private static bool HasOnly(RegoObject map, FrozenSet<string> known) => map.All(pair => pair.Key is RegoString { Value: var name } && known.Contains(name));

    /// <summary>Without metadata of a server's own, whose shape nobody knows; the protocol's own stays.</summary>
    private static RegoObject WithoutExtras(RegoObject result) =>
        result.TryGetValue("_meta", out var meta) && meta is RegoObject members
            ? result.With("_meta", RegoObject.From(members.Where(pair => pair.Key is RegoString { Value: var name } && name.StartsWith(McpNames.MetaPrefix, StringComparison.Ordinal))))
            : result.Without("_meta");

    private static RegoArray? RedactParts(RegoArray parts, IReadOnlyList<string> pointers)
    {
        var redacted = new List<RegoValue>(parts.Count);
        foreach (var part in parts)
        {
            // What resources/read gives has no type.
            if (part is not RegoObject members || !HasOnly(members, KnownOfPart) || (members.TryGetValue("type", out var type) && type is not RegoString { Value: "text" })
                || !members.TryGetValue("text", out var text) || text is not RegoString { Value: var json }
                || Redact(json, pointers) is not { } clean)
            {
                return null;
            }

            redacted.Add(members.Without("_meta").With("text", new RegoString(clean.ToJson())));
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
