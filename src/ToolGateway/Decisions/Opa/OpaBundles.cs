using System.Text.Json;

namespace ToolGateway.Decisions.Opa;

/// <summary>The bundles that a reply's provenance names.</summary>
/// <param name="Items">As <c>name=revision</c>, in OPA's order.</param>
/// <param name="Revision">The revision of the only bundle, or all of them joined; null unless every bundle has one.</param>
internal sealed record OpaBundles(IReadOnlyList<string> Items, string? Revision)
{
    public static OpaBundles None { get; } = new([], null);

    /// <summary>Reads the value of <c>provenance</c>.</summary>
    public static OpaBundles Read(ref Utf8JsonReader reader)
    {
        var result = None;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("provenance is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBundles = reader.ValueTextEquals("bundles"u8);
            reader.Read();
            if (isBundles && reader.TokenType == JsonTokenType.StartObject)
                result = ReadBundles(ref reader);
            else
                reader.Skip();
        }

        return result;
    }

    private static OpaBundles ReadBundles(ref Utf8JsonReader reader)
    {
        var items = new List<string>();
        string? single = null;
        var complete = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            single = ReadRevision(ref reader);
            complete &= !string.IsNullOrEmpty(single);
            items.Add($"{name}={single}");
        }

        return items.Count == 0 ? None : new OpaBundles(items, !complete ? null : items.Count == 1 ? single : string.Join(',', items));
    }

    private static string? ReadRevision(ref Utf8JsonReader reader)
    {
        string? revision = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a bundle is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRevision = reader.ValueTextEquals("revision"u8);
            reader.Read();
            if (isRevision && reader.TokenType == JsonTokenType.String)
                revision = reader.GetString();
            reader.Skip();
        }

        return revision;
    }
}
