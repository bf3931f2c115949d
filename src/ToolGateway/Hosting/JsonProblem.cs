using System.Text.Json;

namespace ToolGateway.Hosting;

/// <summary>What is wrong with a JSON text, in words for whoever wrote it: the reader's own speak of its options, and give the position a second time.</summary>
internal static class JsonProblem
{
    public static string Of(JsonException exception)
    {
        var text = exception.Message;
        if (text.StartsWith("The input does not contain any JSON tokens", StringComparison.Ordinal))
            return "the text is empty";
        if (text.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
            return "the text ends before every object and array is closed";
        foreach (var end in new[] { " LineNumber:", " Path:", " Change the reader options" })
        {
            var at = text.IndexOf(end, StringComparison.Ordinal);
            text = at < 0 ? text : text[..at];
        }

        return text.TrimEnd('.', ' ').Replace(" which is not supported in this mode", "", StringComparison.Ordinal);
    }

    /// <summary>With line and column, both from 1, where the exception knows them.</summary>
    public static string WithPlace(JsonException exception) =>
        exception.LineNumber is { } line ? $"{Of(exception)}, line {line + 1}, column {exception.BytePositionInLine + 1}" : Of(exception);
}
