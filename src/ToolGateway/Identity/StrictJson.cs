using System.Text.Json;

namespace ToolGateway.Identity;

/// <summary>JSON of credentials and keys: no duplicate members, little depth, nothing after the value.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <exception cref="JsonException">The text is not one JSON object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        var document = JsonDocument.Parse(json, Options);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw new JsonException("the value is not an object");
    }

    /// <summary>Members of the array <c>keys</c> of a JWK Set.</summary>
    /// <exception cref="JsonException">There is no such array, or it holds something else than objects.</exception>
    public static IEnumerable<JsonElement> Keys(JsonDocument set)
    {
        if (!set.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new JsonException("the array 'keys' is missing");
        if (keys.EnumerateArray().Any(key => key.ValueKind != JsonValueKind.Object))
            throw new JsonException("'keys' holds something else than objects");
        return keys.EnumerateArray();
    }
}
