using System.Buffers.Text;

namespace ToolGateway.Rego.Bundles;

/// <summary>Reads the records of an extended header: <c>LENGTH KEY=VALUE\n</c>.</summary>
internal static class PaxAttributes
{
    /// <summary>The attributes, or null when they are malformed. Values may be any bytes; of those that are not UTF-8 only the file's name matters.</summary>
    public static IReadOnlyDictionary<string, string>? Read(ReadOnlySpan<byte> content)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        while (content.Length > 0)
        {
            if (!Utf8Parser.TryParse(content, out int length, out var digits) || length <= digits + 1 || length > content.Length
                || content[digits] != ' ' || content[length - 1] != '\n')
                return null;
            var record = content[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0 || TarHeader.Text(record[..equals]) is not { } key)
                return null;
            var value = TarHeader.Text(record[(equals + 1)..]);
            if (value is null && key == "path")
                return null;
            attributes[key] = value ?? "";
            content = content[length..];
        }

        return attributes;
    }
}
