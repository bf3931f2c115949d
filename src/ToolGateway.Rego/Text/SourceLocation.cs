namespace ToolGateway.Rego.Text;

/// <summary>A place in a source: file name as given, 1-based row and column (in characters), and the text that stands there.</summary>
public sealed record SourceLocation
{
    private readonly string _source;
    private readonly int _start;
    private readonly int _length;
    private string? _text;

    /// <summary>A place whose text is given.</summary>
    public SourceLocation(string file, int row, int column, int offset, string text)
    {
        File = file;
        Row = row;
        Column = column;
        Offset = offset;
        _source = text;
        _length = text.Length;
        _text = text;
    }

    // The text of a node is cut out only when somebody asks: nested nodes would otherwise copy the same characters again and again.
    private SourceLocation(string file, int row, int column, int offset, string source, int length)
    {
        File = file;
        Row = row;
        Column = column;
        Offset = offset;
        _source = source;
        _start = offset;
        _length = length;
    }

    /// <summary>A location for nodes that no source text produced.</summary>
    public static SourceLocation None { get; } = new("", 0, 0, 0, "");

    /// <summary>File name as given.</summary>
    public string File { get; init; }

    /// <summary>Line, from 1; 0 for <see cref="None"/>.</summary>
    public int Row { get; init; }

    /// <summary>Column in characters, from 1.</summary>
    public int Column { get; init; }

    /// <summary>Characters (UTF-16 units) before the place.</summary>
    public int Offset { get; init; }

    /// <summary>The text that stands there.</summary>
    public string Text => _text ??= _source.Substring(_start, _length);

    /// <inheritdoc/>
    public override string ToString() => File.Length == 0 ? $"{Row}:{Column}" : $"{File}:{Row}:{Column}";

    /// <summary>Same file, row and column, whatever the text.</summary>
    public bool Equals(SourceLocation? other) => other is not null && File == other.File && Row == other.Row && Column == other.Column;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(File, Row, Column);

    internal static SourceLocation In(string file, string source, int row, int column, int offset, int length) =>
        new(file, row, column, offset, source, length);
}
