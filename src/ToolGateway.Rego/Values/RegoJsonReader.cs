using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ToolGateway.Rego.Values;

/// <summary>Makes values of the tokens of a JSON reader.</summary>
internal static class RegoJsonReader
{
    public static RegoValue Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => RegoNull.Value,
        JsonTokenType.True => RegoBoolean.True,
        JsonTokenType.False => RegoBoolean.False,
        JsonTokenType.String => RegoString.Of(ReadText(ref reader)),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        _ => ReadObject(ref reader),
    };

    private static RegoNumber ReadNumber(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        var plain = text.Length < 19 && text.IndexOfAny(".eE"u8) < 0 && !text.SequenceEqual("-0"u8);
        return plain && reader.TryGetInt64(out var integer) ? RegoNumber.Of(integer) : RegoNumber.Parse(Encoding.ASCII.GetString(text));
    }

    private static RegoArray ReadArray(ref Utf8JsonReader reader)
    {
        var items = new PooledList<RegoValue>();
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                items.Add(Read(ref reader));
            return RegoArray.Adopt(items.ToArray());
        }
        finally
        {
            items.Return();
        }
    }

    private static RegoObject ReadObject(ref Utf8JsonReader reader)
    {
        var members = new PooledList<KeyValuePair<RegoValue, RegoValue>>();
        ObjectIndex? index = null;
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = RegoString.Of(ReadText(ref reader));
                reader.Read();
                var value = Read(ref reader);
                var at = Find(members.Items, index, name);
                if (at >= 0)
                {
                    members.Items[at] = new(name, value);
                    continue;
                }

                members.Add(new(name, value));
                if (index is not null)
                    index.Add(members.Items, members.Items.Length - 1);
                else if (members.Items.Length > RegoObject.LinearLimit)
                    index = ObjectIndex.Over(members.Items);
            }

            return index is null ? RegoObject.Adopt(members.ToArray()) : RegoObject.Adopt(members.ToArray(), index);
        }
        finally
        {
            members.Return();
        }
    }

    private static int Find(Span<KeyValuePair<RegoValue, RegoValue>> members, ObjectIndex? index, RegoString name)
    {
        if (index is not null)
            return index.Find(members, name.Value, name.GetHashCode());
        for (var i = 0; i < members.Length; i++)
        {
            if (string.Equals(((RegoString)members[i].Key).Value, name.Value, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }

    // The reader's own GetString throws on what is not UTF-8 and on lone surrogates, where Go replaces them.
    private static string ReadText(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Unescape(reader.ValueSpan) : Encoding.UTF8.GetString(reader.ValueSpan);

    private static string Unescape(ReadOnlySpan<byte> text)
    {
        var buffer = new ArrayBufferWriter<char>(text.Length);
        while (!text.IsEmpty)
        {
            var run = text.IndexOf((byte)'\\');
            if (run < 0)
                run = text.Length;
            buffer.Advance(Encoding.UTF8.GetChars(text[..run], buffer.GetSpan(run)));
            text = text[run..];
            if (text.IsEmpty)
                break;
            text = text[AppendEscape(buffer, text)..];
        }

        return new string(buffer.WrittenSpan);
    }

    private static int AppendEscape(ArrayBufferWriter<char> buffer, ReadOnlySpan<byte> text)
    {
        if (text[1] != 'u')
        {
            Append(buffer, (char)text[1] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
            return 2;
        }

        var unit = Hex(text);
        var low = char.IsHighSurrogate(unit) && text.Length >= 12 && text[6] == '\\' && text[7] == 'u' ? Hex(text[6..]) : '\0';
        if (char.IsLowSurrogate(low))
        {
            Append(buffer, unit);
            Append(buffer, low);
            return 12;
        }

        Append(buffer, char.IsSurrogate(unit) ? '\uFFFD' : unit);
        return 6;
    }

    private static char Hex(ReadOnlySpan<byte> escape) =>
        (char)((Digit(escape[2]) << 12) | (Digit(escape[3]) << 8) | (Digit(escape[4]) << 4) | Digit(escape[5]));

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;

    private static void Append(ArrayBufferWriter<char> buffer, char c)
    {
        buffer.GetSpan(1)[0] = c;
        buffer.Advance(1);
    }
}
