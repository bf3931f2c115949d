using System.Text.Json;
using System.Text.Unicode;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>
/// Decides in one pass whether a JSON body means the same to the policy and to every tool: parsers differ on exactly what is refused here.
/// </summary>
internal static class JsonCheck
{
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Null when <paramref name="utf8"/> is acceptable, otherwise what is wrong with it, safe to show.</summary>
    public static string? Check(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "The body is empty; it must be one JSON value.";
        if (utf8.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return "The body begins with a byte order mark.";
        if (!Utf8.IsValid(utf8))
            return "The body is not valid UTF-8.";
        var names = new JsonNames(utf8);
        try
        {
            var reader = new Utf8JsonReader(utf8, Options);
            while (reader.Read())
            {
                if (CheckToken(ref reader, ref names) is { } problem)
                    return problem;
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"The body is not one JSON value of at most {MaxDepth} levels (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).";
        }
        finally
        {
            names.Dispose();
        }
    }

    private static string? CheckToken(ref Utf8JsonReader reader, ref JsonNames names)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                names.Push();
                return null;
            case JsonTokenType.EndObject:
                names.Pop();
                return null;
            case JsonTokenType.Number:
                return JsonNumbers.IsExact(reader.ValueSpan) ? null : "A number has more than 17 significant digits or is outside the range of a double.";
            case JsonTokenType.String:
                return CheckText(ref reader);
            case JsonTokenType.PropertyName:
                return CheckText(ref reader) ?? (names.Add(ref reader) ? null : "An object has the same member name twice, ignoring case.");
            default:
                return null;
        }
    }

    private static string? CheckText(ref Utf8JsonReader reader) =>
        !reader.ValueIsEscaped || JsonEscapes.AreText(reader.ValueSpan) ? null : "A string has an escaped lone surrogate or the character U+0000.";
}
