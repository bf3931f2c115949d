using System.Buffers;
using System.Text.Json;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>
/// Remembers the member names of the objects that are open, and tells when one comes again, ignoring case: tools that bind JSON to their own types
/// do not see the difference, and which of the two they take differs.
/// </summary>
internal ref struct JsonNames
{
    private const int LinearLimit = 12;

    private readonly Frame[] _frames;
    private string[] _names;
    private int _count;
    private int _depth;

    public JsonNames()
    {
        _frames = ArrayPool<Frame>.Shared.Rent(JsonCheck.MaxDepth + 1);
        _names = ArrayPool<string>.Shared.Rent(64);
    }

    /// <summary>An object begins.</summary>
    public void Push() => _frames[++_depth] = new Frame(_count, null);

    /// <summary>The object that began last ends.</summary>
    public void Pop() => _count = _frames[_depth--].First;

    /// <summary>Adds the reader's member name. False: it was there.</summary>
    public bool Add(ref Utf8JsonReader reader)
    {
        var name = NameFolding.Fold(reader.GetString()!);
        ref var frame = ref _frames[_depth];
        if (frame.Set is { } set)
            return set.Add(name);
        for (var i = frame.First; i < _count; i++)
        {
            if (string.Equals(_names[i], name, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        Append(name);
        if (_count - frame.First >= LinearLimit)
            frame = frame with { Set = new HashSet<string>(_names.AsSpan(frame.First, _count - frame.First).ToArray(), StringComparer.OrdinalIgnoreCase) };
        return true;
    }

    public readonly void Dispose()
    {
        ArrayPool<Frame>.Shared.Return(_frames, clearArray: true);
        ArrayPool<string>.Shared.Return(_names, clearArray: true);
    }

    private void Append(string name)
    {
        if (_count == _names.Length)
        {
            var larger = ArrayPool<string>.Shared.Rent(_count * 2);
            _names.CopyTo(larger, 0);
            ArrayPool<string>.Shared.Return(_names, clearArray: true);
            _names = larger;
        }

        _names[_count++] = name;
    }

    private readonly record struct Frame(int First, HashSet<string>? Set);
}
