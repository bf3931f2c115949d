using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.ToolCalls.Routes;

/// <summary>A path template: literal segments and parameters that take one whole segment each.</summary>
internal sealed record PathTemplate(IReadOnlyList<TemplateSegment> Segments)
{
    /// <summary>Reads <paramref name="text"/>; <paramref name="problem"/> says what is wrong with it.</summary>
    public static PathTemplate? Parse(string text, out string? problem)
    {
        problem = null;
        if (text == "/")
            return new PathTemplate([]);
        if (text.Length == 0 || text[0] != '/')
            problem = "begin the path with '/'";
        else if (!TargetReader.HasOnlyPlainSegments(text))
            problem = "remove empty, '.' and '..' segments (a trailing '/' makes an empty one)";
        if (problem is not null)
            return null;
        var segments = new List<TemplateSegment>();
        foreach (var segment in text[1..].Split('/'))
        {
            if (ParseSegment(segment, out problem) is not { } parsed)
                return null;
            if (parsed.Parameter is not null && segments.Exists(other => other.Parameter == parsed.Parameter))
            {
                problem = $"name each parameter once ('{parsed.Parameter}' is there twice)";
                return null;
            }

            segments.Add(parsed);
        }

        return new PathTemplate(segments);
    }

    private static TemplateSegment? ParseSegment(string segment, out string? problem)
    {
        problem = null;
        if (segment.StartsWith('{') && segment.EndsWith('}'))
        {
            var name = segment[1..^1];
            if (name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
                return new TemplateSegment(null, name);
            problem = "name a parameter with A-Z, a-z, 0-9, '_' and '-', as in {id}";
            return null;
        }

        if (TargetReader.IsCanonicalSegment(segment))
            return new TemplateSegment(Uri.UnescapeDataString(segment), null);
        problem = segment.Contains('{', StringComparison.Ordinal)
            ? "let a parameter take its whole segment, as in /customers/{id}"
            : "write the segment in canonical form: unreserved characters as they are, others percent-encoded in upper case";
        return null;
    }
}

/// <summary>One segment: a literal, decoded, or the name of a parameter.</summary>
internal sealed record TemplateSegment(string? Literal, string? Parameter);
