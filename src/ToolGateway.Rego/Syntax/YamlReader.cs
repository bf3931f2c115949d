using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>
/// Reads the YAML that METADATA blocks are written in: block and flow collections, plain, quoted and block scalars, comments. Anchors, tags and several documents
/// are refused.
/// </summary>
internal sealed partial class YamlReader
{
    private const int MaxDepth = 64;

    private readonly List<YamlLine> _lines = [];
    private int _at;
    private int _depth;

    private YamlReader(string text)
    {
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            var content = line.TrimStart(' ');
            _lines.Add(new YamlLine(number, line.Length - content.Length, content.TrimEnd(), line));
        }
    }

    /// <summary>The value, or what is wrong and in which line.</summary>
    public static (RegoValue? Value, string? Error, int Line) Read(string text)
    {
        var reader = new YamlReader(text);
        try
        {
            var value = reader.ReadNode(0);
            reader.SkipBlank();
            return reader._at < reader._lines.Count ? throw reader.Fail("did not find expected key") : (value, null, 0);
        }
        catch (FormatException e)
        {
            return (null, e.Message, (e as YamlFormatException)?.Line ?? reader._at);
        }
    }

    private YamlLine Line => _lines[_at];

    private bool SkipBlank()
    {
        while (_at < _lines.Count && (Line.Text.Length == 0 || Line.Text[0] == '#'))
            _at++;
        return _at < _lines.Count;
    }

    private RegoValue ReadNode(int indent)
    {
        if (!SkipBlank() || Line.Indent < indent)
            return RegoNull.Value;
        if (++_depth > MaxDepth)
            throw Fail("nests too deeply");
        var value = IsItem(Line.Text) ? ReadSequence(Line.Indent)
            : FindColon(Line.Text) >= 0 ? ReadMapping(Line.Indent)
            : ReadScalarLines(indent);
        _depth--;
        return value;
    }

    private static bool IsItem(string text) => text == "-" || text.StartsWith("- ", StringComparison.Ordinal);

    private RegoArray ReadSequence(int indent)
    {
        var items = new List<RegoValue>();
        while (SkipBlank() && Line.Indent == indent && IsItem(Line.Text))
        {
            var rest = Line.Text[1..].TrimStart();
            if (rest.Length == 0 || rest[0] == '#')
            {
                _at++;
                items.Add(ReadNode(indent + 1));
                continue;
            }

            // What follows the dash is a node whose indentation is where it stands.
            var inner = indent + Line.Text.Length - rest.Length;
            _lines[_at] = Line with { Indent = inner, Text = rest };
            items.Add(IsItem(rest) || (FindColon(rest) >= 0 && !IsFlow(rest)) ? ReadNode(inner) : ReadValue(rest, indent));
        }

        return RegoArray.Adopt([.. items]);
    }

    private RegoObject ReadMapping(int indent)
    {
        var members = new RegoObjectBuilder();
        while (SkipBlank() && Line.Indent == indent)
        {
            var text = Line.Text;
            var colon = FindColon(text);
            if (colon < 0 || IsItem(text))
                throw Fail("could not find expected ':'");
            var key = ReadPlain(text[..colon].Trim());
            if (members.TryGetValue(key, out _))
                throw Fail($"key {key} already set in map");
            var rest = text[(colon + 1)..].Trim();
            members.Set(key is RegoString ? key : new RegoString(key.ToJson()), ReadMember(rest, indent));
        }

        if (_at < _lines.Count && Line.Indent > indent)
            throw Fail("mapping values are not allowed in this context");
        return members.ToObject();
    }

    private RegoValue ReadMember(string rest, int indent)
    {
        if (rest.Length > 0 && rest[0] != '#')
            return ReadValue(rest, indent);
        _at++;

        // A list may stand at the indentation of its key.
        return SkipBlank() && Line.Indent == indent && IsItem(Line.Text) ? ReadSequence(indent) : ReadNode(indent + 1);
    }

    private RegoValue ReadScalarLines(int indent) => ReadValue(Line.Text, indent - 1);

    private YamlFormatException Fail(string message) => new(message, _at < _lines.Count ? Line.Number : _lines.Count);

    private static bool IsFlow(string text) => text[0] is '[' or '{';

    /// <summary>Where the colon of <c>key: value</c> stands, outside of quotes and brackets.</summary>
    private static int FindColon(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
                quote = c == quote && (quote == '\'' || text[i - 1] != '\\') ? '\0' : quote;
            else if ((c is '"' or '\'') && text[..i].Trim().Length == 0)
                quote = c;
            else if (c == '#' && i > 0 && text[i - 1] == ' ')
                return -1;
            else if (i == 0 && c is '[' or '{')
                return -1;
            else if (c == ':' && (i + 1 == text.Length || text[i + 1] == ' '))
                return i;
        }

        return -1;
    }

    private sealed class YamlFormatException(string message, int line) : FormatException(message)
    {
        public int Line { get; } = line;
    }
}
