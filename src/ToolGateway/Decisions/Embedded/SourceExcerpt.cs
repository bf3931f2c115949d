using System.Text;
using ToolGateway.Rego;
using ToolGateway.Rego.Text;

namespace ToolGateway.Decisions.Embedded;

/// <summary>Shows a compiler error as people read it: place, code, message, then the source line with a caret.</summary>
internal static class SourceExcerpt
{
    public static string Format(RegoError error, IReadOnlyList<RegoSource> sources) =>
        error.Location is { } place ? $"{error}{Excerpt(place, sources)}" : error.ToString();

    public static string Excerpt(SourceLocation place, IReadOnlyList<RegoSource> sources)
    {
        if (sources.FirstOrDefault(source => source.File == place.File) is not { } source || place.Row < 1)
            return "";
        var lines = source.Text.Split('\n');
        if (place.Row > lines.Length)
            return "";
        var line = lines[place.Row - 1].TrimEnd('\r');
        var text = new StringBuilder("\n    ").Append(line).Append("\n    ");

        // Tabs stay tabs, so that the caret stands below its character whatever a tab's width is.
        foreach (var c in line.AsSpan(0, Math.Min(place.Column - 1, line.Length)))
            text.Append(c == '\t' ? '\t' : ' ');
        return text.Append('^').ToString();
    }
}
