using System.Text;
using System.Text.Json;

namespace ToolGateway.Rego.Values;

/// <summary>JSON text to values and back.</summary>
public static class RegoJson
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 512;

    /// <summary>Reads one JSON value from UTF-8 text.</summary>
    /// <exception cref="JsonException">The text is not one JSON value, or nests deeper than <see cref="MaxDepth"/>.</exception>
    public static RegoValue Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read())
            throw new JsonException("unexpected end of JSON input");
        var value = Read(ref reader);
        if (reader.Read())
            throw new JsonException("more than one JSON value");
        return value;
    }

    /// <summary>Reads one JSON value.</summary>
    /// <exception cref="JsonException">The text is not one JSON value.</exception>
    public static RegoValue Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>JSON text of <paramref name="value"/> as OPA writes it.</summary>
    public static string Serialize(RegoValue value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static RegoValue Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return RegoNull.Value;
            case JsonTokenType.True:
                return RegoBoolean.True;
            case JsonTokenType.False:
                return RegoBoolean.False;
            case JsonTokenType.String:
                return new RegoString(reader.GetString()!);
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var integer) ? RegoNumber.Of(integer) : RegoNumber.Parse(Encoding.ASCII.GetString(reader.ValueSpan));
            case JsonTokenType.StartArray:
                var items = new List<RegoValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader));
                return RegoArray.Adopt([.. items]);
            default:
                var members = new RegoObjectBuilder();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members.Set(name, Read(ref reader));
                }

                return members.ToObject();
        }
    }

    private static void Write(StringBuilder text, RegoValue value)
    {
        switch (value)
        {
            case RegoNull:
                text.Append("null");
                break;
            case RegoBoolean b:
                text.Append(b.Value ? "true" : "false");
                break;
            case RegoNumber n:
                text.Append(n.ToText());
                break;
            case RegoString s:
                text.Append(JsonSerializer.Serialize(s.Value));
                break;
            case RegoArray a:
                WriteItems(text, a.Items);
                break;
            case RegoSet s:
                WriteItems(text, s.Items);
                break;
            case RegoObject o:
                WriteMembers(text, o);
                break;
        }
    }

    private static void WriteItems(StringBuilder text, ReadOnlySpan<RegoValue> items)
    {
        text.Append('[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            Write(text, items[i]);
        }

        text.Append(']');
    }

    private static void WriteMembers(StringBuilder text, RegoObject map)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, member) in map.Members)
        {
            if (!first)
                text.Append(',');
            first = false;
            Write(text, key is RegoString ? key : new RegoString(key.ToJson()));
            text.Append(':');
            Write(text, member);
        }

        text.Append('}');
    }
}
