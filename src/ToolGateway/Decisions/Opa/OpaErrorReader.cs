using System.Text.Json;

namespace ToolGateway.Decisions.Opa;

/// <summary>Reads <c>errors</c> of a 500: evaluation errors have codes that begin with <c>eval_</c> or <c>rego_</c>.</summary>
internal static class OpaErrorReader
{
    /// <summary>The first evaluation error as one line for the log; null when there is none.</summary>
    public static string? ReadFirst(ref Utf8JsonReader reader)
    {
        string? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                first ??= ReadOne(ref reader);
            if (reader.TokenType != JsonTokenType.EndObject)
                reader.Skip();
        }

        return first;
    }

    private static string? ReadOne(ref Utf8JsonReader reader)
    {
        string? code = null;
        string? message = null;
        string? location = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("code"u8))
                code = Text(ref reader);
            else if (reader.ValueTextEquals("message"u8))
                message = Text(ref reader);
            else if (reader.ValueTextEquals("location"u8))
                location = ReadLocation(ref reader);
            else
                reader.Read();
            reader.Skip();
        }

        var isEvaluation = code is not null && (code.StartsWith("eval_", StringComparison.Ordinal) || code.StartsWith("rego_", StringComparison.Ordinal));
        return isEvaluation ? $"{location}{code}: {message}" : null;
    }

    private static string ReadLocation(ref Utf8JsonReader reader)
    {
        string? file = null;
        var row = 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("file"u8))
                file = Text(ref reader);
            else if (reader.ValueTextEquals("row"u8) && reader.Read())
                row = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : 0;
            else if (reader.TokenType == JsonTokenType.PropertyName)
                reader.Read();
            reader.Skip();
        }

        return $"{file}:{row}: ";
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }
}
