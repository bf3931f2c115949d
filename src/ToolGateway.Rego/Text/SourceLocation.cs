namespace ToolGateway.Rego.Text;

/// <summary>A place in a source: file name as given, 1-based row and column (in characters), and the text that stands there.</summary>
public sealed record SourceLocation(string File, int Row, int Column, int Offset, string Text)
{
    /// <summary>A location for nodes that no source text produced.</summary>
    public static SourceLocation None { get; } = new("", 0, 0, 0, "");

    /// <inheritdoc/>
    public override string ToString() => File.Length == 0 ? $"{Row}:{Column}" : $"{File}:{Row}:{Column}";
}
