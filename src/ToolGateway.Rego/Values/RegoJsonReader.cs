using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ToolGateway.Rego.Values;

/// <summary>Makes values of the tokens of a JSON reader.</summary>
internal static class RegoJsonReader
{
    /// <summary>The value at the reader's token, read to its end.</summary>
    public static RegoValue Read(ref Utf8JsonReader reader)
    {
        var open = new PooledList<KeyValuePair<RegoValue, RegoValue>>();
        try
        {
            return Read(ref reader, ref open);
        }
        finally
        {
            open.Return();
        }
    }

    // Members of objects and items of arrays whose end is still to come lie on one stack.
    private static RegoValue Read(ref Utf8JsonReader reader, ref PooledList<KeyValuePair<RegoValue, RegoValue>> open) => reader.TokenType switch
    {
        JsonTokenType.Null => RegoNull.Value,
        JsonTokenType.True => RegoBoolean.True,
        JsonTokenType.False => RegoBoolean.False,
        JsonTokenType.String => reader.ValueIsEscaped ? RegoString.Of(Unescape(reader.ValueSpan)) : SharedText.OfValue(reader.ValueSpan),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader, ref open),
        _ => ReadObject(ref reader, ref open),
    };

    private static RegoNumber ReadNumber(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        var plain = text.Length < 19 && text.IndexOfAny(".eE"u8) < 0 && !text.SequenceEqual("-0"u8);
        return plain && reader.TryGetInt64(out var integer) ? RegoNumber.Of(integer) : RegoNumber.Parse(Encoding.ASCII.GetString(text));
    }

    private static RegoArray ReadArray(ref Utf8JsonReader reader, ref PooledList<KeyValuePair<RegoValue, RegoValue>> open)
    {
        var start = open.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            open.Add(new(null!, Read(ref reader, ref open)));
        var read = open.Items[start..];
        var items = read.IsEmpty ? [] : new RegoValue[read.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = read[i].Value;
        open.Truncate(start);
        return RegoArray.Adopt(items);
    }

    private static RegoObject ReadObject(ref Utf8JsonReader reader, ref PooledList<KeyValuePair<RegoValue, RegoValue>> open)
    {
        var start = open.Count;
        ObjectIndex? index = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.ValueIsEscaped ? RegoString.Of(Unescape(reader.ValueSpan)) : SharedText.OfName(reader.ValueSpan);
            reader.Read();
            var value = Read(ref reader, ref open);
            var members = open.Items[start..];
            var at = Find(members, index, name);
            if (at >= 0)
            {
                members[at] = new(name, value);
                continue;
            }

            open.Add(new(name, value));
            members = open.Items[start..];
            if (index is not null)
                index.Add(members, members.Length - 1);
            else if (members.Length > RegoObject.LinearLimit)
                index = ObjectIndex.Over(members);
        }

        var pairs = open.Items[start..].ToArray();
        open.Truncate(start);
        return RegoObject.AdoptUnsorted(pairs, index);
    }

    private static int Find(Span<KeyValuePair<RegoValue, RegoValue>> members, ObjectIndex? index, RegoString name)
    {
        if (index is not null)
            return index.Find(members, name.Value, name.GetHashCode());
        for (var i = 0; i < members.Length; i++)
        {
            if (RegoString.Same(Unsafe.As<RegoString>(members[i].Key).Value, name.Value))
                return i;
        }

        return -1;
    }

    // The reader's own GetString throws on what is not UTF-8 and on lone surrogates, where Go replaces them.
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
