using System.Text;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Literal and folded block scalars.</summary>
internal sealed partial class YamlParser
{
    private string ReadBlockScalar(int parent)
    {
        var folded = _text[_at++] == '>';
        var chomp = ' ';
        var indent = 0;
        while (Current is '+' or '-' or (>= '1' and <= '9'))
        {
            if (char.IsAsciiDigit(Current))
                indent = Math.Max(parent, 0) + Current - '0';
            else
                chomp = Current;
            _at++;
        }

        SkipToLineEnd();
        if (!AtEnd && Current != '\n')
            throw Fail("did not find expected comment or line break");
        if (!AtEnd)
            _at++;
        if (indent == 0)
            indent = Math.Max(DetectIndent(), Math.Max(parent + 1, 1));
        var lines = ReadIndented(indent, out var trailing);
        var text = folded ? FoldLines(lines) : string.Join('\n', lines);
        var endsInBreak = lines.Count > 0 && (trailing > 0 || !AtEnd || _text[^1] == '\n');
        return chomp switch
        {
            '-' => text,
            '+' => text + new string('\n', trailing + (endsInBreak ? 1 : 0)),
            _ => endsInBreak ? text + "\n" : text,
        };
    }

    private int DetectIndent()
    {
        for (var at = _at; at < _text.Length; at++)
        {
            var start = at;
            while (at < _text.Length && _text[at] == ' ')
                at++;
            if (at < _text.Length && _text[at] != '\n')
                return at - start;
        }

        return 0;
    }

    // Content lines without their indentation, leading empty ones included; empty lines at the end are counted instead.
    private List<string> ReadIndented(int indent, out int trailing)
    {
        var lines = new List<string>();
        trailing = 0;
        while (!AtEnd)
        {
            var end = _text.IndexOf('\n', _at);
            if (end < 0)
                end = _text.Length;
            var spaces = _at;
            while (spaces < end && spaces - _at < indent && _text[spaces] == ' ')
                spaces++;
            var isEmpty = _text.AsSpan(_at, end - _at).Trim(' ').IsEmpty && end - _at <= indent;
            if (!isEmpty && (spaces - _at < indent || IsMarker("---") || IsMarker("...")))
                break;
            if (isEmpty)
            {
                trailing++;
            }
            else
            {
                lines.AddRange(Enumerable.Repeat("", trailing));
                trailing = 0;
                lines.Add(_text[spaces..end]);
            }

            _at = end;
            if (AtEnd)
                break;
            _at++;
        }

        return lines;
    }

    // A break between two lines at the indentation becomes a space; breaks next to deeper lines, and further ones, stay.
    private static string FoldLines(List<string> lines)
    {
        var text = new StringBuilder();
        var breaks = 0;
        var previousIsDeeper = false;
        var hasContent = false;
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                breaks++;
                continue;
            }

            var isDeeper = line[0] is ' ' or '\t';
            if (!hasContent)
                text.Append('\n', breaks);
            else if (isDeeper || previousIsDeeper)
                text.Append('\n', breaks + 1);
            else
                Fold(text, breaks + 1);
            text.Append(line);
            hasContent = true;
            previousIsDeeper = isDeeper;
            breaks = 0;
        }

        return text.ToString();
    }
}
