using System.Diagnostics.CodeAnalysis;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>
/// YAML as OPA reads it: YAML 1.1 scalars (yes, no, on, off are booleans), anchors, aliases, merge keys and tags, the first document of a stream, and keys that
/// become strings as in JSON.
/// </summary>
internal static class YamlDocument
{
    /// <summary>Reads <paramref name="text"/>; otherwise the fault and its line.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RegoValue? value, [NotNullWhen(false)] out string? error, out int line)
    {
        try
        {
            value = new YamlParser(text).ReadDocument();
            error = null;
            line = 0;
            return true;
        }
        catch (YamlException e)
        {
            value = null;
            error = e.Message;
            line = e.Line;
            return false;
        }
    }
}
