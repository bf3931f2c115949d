using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Keys as JSON has them.</summary>
internal static class YamlKeys
{
    /// <summary>The text of a scalar key, or null for null and collections, which cannot be keys.</summary>
    public static string? ToText(RegoValue key) => key switch
    {
        RegoString text => text.Value,
        RegoNumber or RegoBoolean => key.ToJson(),
        _ => null,
    };
}
