using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Caching;

/// <summary>
/// Encodes facts so that two different lists of facts never give the same bytes: every item has a tag, every text its length.
/// Absent and null have tags of their own.
/// </summary>
internal ref struct KeyEncoder
{
    private byte[] _buffer;
    private int _length;

    public KeyEncoder() => _buffer = ArrayPool<byte>.Shared.Rent(1024);

    public void Absent() => Tag('a');

    public void Boolean(bool value) => Tag(value ? 't' : 'f');

    public void Text(string? value)
    {
        if (value is null)
        {
            Tag('n');
            return;
        }

        Tag('s');
        var target = Reserve(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        var written = Encoding.UTF8.GetBytes(value, target[4..]);
        BinaryPrimitives.WriteInt32BigEndian(target, written);
        _length += 4 + written;
    }

    /// <summary>JSON text as it was received: equal values in other words count as different, which costs a miss and nothing else.</summary>
    public void Json(ReadOnlySpan<byte> utf8)
    {
        Tag('j');
        Count(utf8.Length);
        utf8.CopyTo(Reserve(utf8.Length));
        _length += utf8.Length;
    }

    public void Texts(IReadOnlyList<string> items)
    {
        Tag('l');
        Count(items.Count);
        foreach (var item in items)
            Text(item);
    }

    public void Value(RegoValue? value)
    {
        switch (value)
        {
            case null:
                Absent();
                break;
            case RegoBoolean boolean:
                Boolean(boolean.Value);
                break;
            case RegoString text:
                Text(text.Value);
                break;
            case RegoNumber number:
                Tag('d');
                Text(number.ToText());
                break;
            case RegoArray array:
                Values('r', array.Items);
                break;
            case RegoSet set:
                Values('e', set.Items);
                break;
            case RegoObject members:
                Tag('o');
                Count(members.Count);
                foreach (var (key, member) in members.Members)
                {
                    Value(key);
                    Value(member);
                }

                break;
            default:
                Tag('n');
                break;
        }
    }

    /// <summary>The key of everything written; the encoder is used up.</summary>
    public DecisionKey ToKey()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer.AsSpan(0, _length), hash);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        return new DecisionKey(hash);
    }

    private void Values(char tag, ReadOnlySpan<RegoValue> items)
    {
        Tag(tag);
        Count(items.Length);
        foreach (var item in items)
            Value(item);
    }

    private void Tag(char tag)
    {
        Reserve(1)[0] = (byte)tag;
        _length++;
    }

    private void Count(int count)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), count);
        _length += 4;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
