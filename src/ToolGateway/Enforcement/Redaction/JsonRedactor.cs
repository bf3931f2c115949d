using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace ToolGateway.Enforcement.Redaction;

/// <summary>Replaces places of a JSON text and leaves every other byte as it is.</summary>
internal ref struct JsonRedactor
{
    private const int MaxDepth = 128;

    private readonly ReadOnlySpan<byte> _text;
    private readonly ArrayBufferWriter<byte> _output;
    private Utf8JsonReader _reader;
    private int _copied;

    private JsonRedactor(ReadOnlySpan<byte> text)
    {
        _text = text;
        _output = new ArrayBufferWriter<byte>(text.Length + 64);
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    private static ReadOnlySpan<byte> Replacement => "\"[redacted]\""u8;

    /// <summary>The redacted text; null when it is not JSON that every reader reads alike.</summary>
    public static ReadOnlyMemory<byte>? Redact(ReadOnlySpan<byte> text, IReadOnlyList<string> pointers)
    {
        if (!Utf8.IsValid(text))
            return null;
        try
        {
            var redactor = new JsonRedactor(text);
            return redactor.Run(PointerTree.Of(pointers));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a member name that is not text, such as half a surrogate pair.
            return null;
        }
    }

    private ReadOnlyMemory<byte>? Run(PointerTree root)
    {
        if (!_reader.Read() || !Walk([root]) || _reader.Read())
            return null;
        _output.Write(_text[_copied..]);
        return _output.WrittenMemory;
    }

    /// <summary>Goes over the value at the reader. False: an object has a member twice.</summary>
    private bool Walk(List<PointerTree> nodes)
    {
        var ends = nodes.Exists(static node => node.IsEnd);
        var start = (int)_reader.TokenStartIndex;
        var isSound = _reader.TokenType switch
        {
            JsonTokenType.StartObject => WalkObject(ends ? [] : nodes),
            JsonTokenType.StartArray => WalkArray(ends ? [] : nodes),
            _ => true,
        };
        if (ends && isSound)
            Replace(start, (int)_reader.BytesConsumed);
        return isSound;
    }

    private bool WalkObject(List<PointerTree> nodes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString()!;
            if (!names.Add(name))
                return false;
            _reader.Read();
            if (!Walk(Select(nodes, name)))
                return false;
        }

        return true;
    }

    private bool WalkArray(List<PointerTree> nodes)
    {
        for (var index = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (!Walk(nodes.Count == 0 ? nodes : Select(nodes, index.ToString(CultureInfo.InvariantCulture))))
                return false;
        }

        return true;
    }

    private static List<PointerTree> Select(List<PointerTree> nodes, string name)
    {
        var selected = new List<PointerTree>();
        foreach (var node in nodes)
            node.Select(name, selected);
        return selected;
    }

    private void Replace(int start, int end)
    {
        _output.Write(_text[_copied..start]);
        _output.Write(Replacement);
        _copied = end;
    }
}
