using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>
/// Remembers the member names of the objects that are open, and tells when one comes again, ignoring case: tools that bind JSON to their own types
/// do not see the difference, and which of the two they take differs. Plain names are compared where they stand.
/// </summary>
internal ref struct JsonNames
{
    private const int LinearLimit = 12;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly Frame[] _frames;
    private Name[] _names;
    private int _count;
    private int _depth;

    /// <param name="utf8">The text that the reader reads, from its start.</param>
    public JsonNames(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        _frames = ArrayPool<Frame>.Shared.Rent(JsonCheck.MaxDepth + 1);
        _names = ArrayPool<Name>.Shared.Rent(64);
    }

    /// <summary>An object begins.</summary>
    public void Push() => _frames[++_depth] = new Frame(_count, null);

    /// <summary>The object that began last ends.</summary>
    public void Pop() => _count = _frames[_depth--].First;

    /// <summary>Adds the reader's member name. False: it was there.</summary>
    public bool Add(ref Utf8JsonReader reader)
    {
        var name = !reader.ValueIsEscaped && Ascii.IsValid(reader.ValueSpan)
            ? new Name((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, null)
            : new Name(0, 0, NameFolding.Fold(reader.GetString()!));
        ref var frame = ref _frames[_depth];
        if (frame.Set is { } set)
            return set.Add(TextOf(name));
        for (var i = frame.First; i < _count; i++)
        {
            if (AreEqual(_names[i], name))
                return false;
        }

        Append(name);
        if (_count - frame.First >= LinearLimit)
            frame = frame with { Set = SetOf(frame.First) };
        return true;
    }

    public readonly void Dispose()
    {
        ArrayPool<Frame>.Shared.Return(_frames, clearArray: true);
        ArrayPool<Name>.Shared.Return(_names, clearArray: true);
    }

    private readonly bool AreEqual(in Name left, in Name right) => (left.Text, right.Text) switch
    {
        (null, null) => left.Length == right.Length && Ascii.EqualsIgnoreCase(BytesOf(left), BytesOf(right)),
        (null, { } text) => Ascii.EqualsIgnoreCase(BytesOf(left), text),
        ({ } text, null) => Ascii.EqualsIgnoreCase(BytesOf(right), text),
        ({ } text, { } other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase),
    };

    private readonly ReadOnlySpan<byte> BytesOf(in Name name) => _utf8.Slice(name.Start, name.Length);

    private readonly string TextOf(in Name name) => name.Text ?? Encoding.ASCII.GetString(BytesOf(name));

    private readonly HashSet<string> SetOf(int first)
    {
        var set = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = first; i < _count; i++)
            set.Add(TextOf(_names[i]));
        return set;
    }

    private void Append(Name name)
    {
        if (_count == _names.Length)
        {
            var larger = ArrayPool<Name>.Shared.Rent(_count * 2);
            _names.CopyTo(larger, 0);
            ArrayPool<Name>.Shared.Return(_names, clearArray: true);
            _names = larger;
        }

        _names[_count++] = name;
    }

    private readonly record struct Frame(int First, HashSet<string>? Set);

    /// <summary>A name: where it stands when it is plain ASCII, otherwise its folded text.</summary>
    private readonly record struct Name(int Start, int Length, string? Text);
}
