using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace ToolGateway.Rego.Values;

/// <summary>JSON text to values and back.</summary>
public static class RegoJson
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 512;

    /// <summary>Reads one JSON value from UTF-8 text. Of members with the same name the last counts; what is not UTF-8 is read as U+FFFD.</summary>
    /// <exception cref="JsonException">The text is not one JSON value, or nests deeper than <see cref="MaxDepth"/>.</exception>
    public static RegoValue Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read())
            throw new JsonException("unexpected end of JSON input");
        var value = RegoJsonReader.Read(ref reader);
        if (reader.Read())
            throw new JsonException("more than one JSON value");
        return value;
    }

    /// <summary>Reads one JSON value.</summary>
    /// <exception cref="JsonException">The text is not one JSON value.</exception>
    public static RegoValue Parse(string text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return Parse(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Reads one JSON value; what is wrong with the text is a value here.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out RegoValue? value, [NotNullWhen(false)] out string? error)
    {
        try
        {
            value = Parse(text);
            error = null;
            return true;
        }
        catch (JsonException e)
        {
            value = null;
            error = e.Message;
            return false;
        }
    }

    /// <summary>JSON text of <paramref name="value"/> as OPA's API writes it: no spaces, keys in order, <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped.</summary>
    public static string Serialize(RegoValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes <paramref name="value"/> as UTF-8 JSON, as <see cref="Serialize"/> does.</summary>
    public static void Write(IBufferWriter<byte> output, RegoValue value) => RegoJsonWriter.Write(output, value, RegoJsonLayout.Compact);
}
