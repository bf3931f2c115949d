namespace ToolGateway.Rego.Text;

/// <summary>A source with its line starts: turns offsets into locations.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lines = [0];
    private readonly bool _isPlain;
    private int _lastRow;

    public SourceText(string file, string text)
    {
        File = file;
        Text = text;
        _isPlain = true;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                _lines.Add(i + 1);
            else if (char.IsSurrogate(text[i]))
                _isPlain = false;
        }
    }

    public string File { get; }

    public string Text { get; }

    public int LineCount => _lines.Count;

    public SourceLocation At(int start, int end)
    {
        var row = RowOf(start);
        return SourceLocation.In(File, Text, row + 1, ColumnOf(row, start), start, Math.Max(0, end - start));
    }

    private int RowOf(int offset)
    {
        // A parser asks for places near the last one.
        var row = _lastRow;
        if (_lines[row] > offset || (row + 2 < _lines.Count && _lines[row + 2] <= offset))
        {
            var found = _lines.BinarySearch(offset);
            row = found >= 0 ? found : ~found - 1;
        }
        else if (row + 1 < _lines.Count && _lines[row + 1] <= offset)
        {
            row++;
        }

        return _lastRow = row;
    }

    private int ColumnOf(int row, int offset)
    {
        var start = _lines[row];
        if (_isPlain)
            return offset - start + 1;
        var column = 1;
        for (var i = start; i < offset; i++)
        {
            if (!char.IsLowSurrogate(Text[i]))
                column++;
        }

        return column;
    }
}
