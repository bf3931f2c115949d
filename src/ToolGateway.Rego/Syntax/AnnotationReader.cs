using ToolGateway.Rego.Builtins.Yaml;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>The content of a METADATA block in the form that <c>rego.metadata</c> shows; what is wrong comes back as text.</summary>
internal static class AnnotationReader
{
    public static (RegoObject? Content, string? Error, int Line) Read(string yaml)
    {
        if (string.IsNullOrWhiteSpace(yaml))
            return (null, "expected METADATA block, found whitespace", 0);
        if (!YamlDocument.TryParse(yaml + "\n", out var value, out var error, out var line))
            return (null, error, line);
        if (value is not RegoObject raw)
            return (null, "METADATA block must be a map", 0);
        var content = new RegoObjectBuilder();
        foreach (var (key, member) in raw.Members)
        {
            if (Normalize(((RegoString)key).Value, member, content) is { } wrong)
                return (null, wrong, 0);
        }

        return (content.ToObject(), null, 0);
    }

    private static string? Normalize(string name, RegoValue value, RegoObjectBuilder content)
    {
        switch (name)
        {
            case "scope" or "title" or "description" when value is not RegoString:
                return $"annotation '{name}' must be a string";
            case "entrypoint" when value is not RegoBoolean:
                return "annotation 'entrypoint' must be a boolean";
            case "custom" or "compile" when value is not RegoObject:
                return $"annotation '{name}' must be a map";
            case "organizations" or "authors" or "related_resources" or "schemas" when value is not RegoArray:
                return $"annotation '{name}' must be a list";
            case "entrypoint":
                if (value.Equals(RegoBoolean.True))
                    content.Set(name, value);
                return null;
            case "authors":
                return SetAll(content, name, (RegoArray)value, Author);
            case "related_resources":
                return SetAll(content, name, (RegoArray)value, RelatedResource);
            case "schemas":
                return SetAll(content, name, (RegoArray)value, SchemaAnnotations.Read);
            case "scope" or "title" or "description" or "custom" or "compile" or "organizations" or "labels":
                content.Set(name, value);
                return null;
            default:
                return null;
        }
    }

    private static string? SetAll(RegoObjectBuilder content, string name, RegoArray items, Func<RegoValue, (RegoValue? Value, string? Error)> read)
    {
        var values = new List<RegoValue>();
        foreach (var item in items.Items)
        {
            var (value, error) = read(item);
            if (error is not null)
                return error;
            values.Add(value!);
        }

        content.Set(name, RegoArray.Adopt([.. values]));
        return null;
    }

    /// <summary><c>Name &lt;mail&gt;</c>, or a map with <c>name</c> and <c>email</c>.</summary>
    private static (RegoValue? Value, string? Error) Author(RegoValue item)
    {
        var author = new RegoObjectBuilder();
        if (item is RegoString { Value: var text })
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                return (null, "author is an empty string");
            var hasMail = words[^1].StartsWith('<') && words[^1].EndsWith('>');
            var name = string.Join(' ', hasMail ? words[..^1] : words);
            if (name.Length > 0)
                author.Set("name", new RegoString(name));
            if (hasMail)
                author.Set("email", new RegoString(words[^1][1..^1]));
            return (author.ToObject(), null);
        }

        CopyText(item, author, "name");
        CopyText(item, author, "email");
        return author.Count == 0 ? (null, "'name' and/or 'email' values required in object") : (author.ToObject(), null);
    }

    private static (RegoValue? Value, string? Error) RelatedResource(RegoValue item)
    {
        var resource = new RegoObjectBuilder();
        if (item is RegoString { Value: { Length: > 0 } } reference)
        {
            resource.Set("ref", reference);
            return (resource.ToObject(), null);
        }

        CopyText(item, resource, "ref");
        if (resource.Count == 0)
            return (null, "'ref' value required in object");
        CopyText(item, resource, "description");
        return (resource.ToObject(), null);
    }

    private static void CopyText(RegoValue from, RegoObjectBuilder to, string name)
    {
        if (from is RegoObject map && map.TryGetValue(new RegoString(name), out var value) && value is RegoString { Value.Length: > 0 })
            to.Set(name, value);
    }
}
