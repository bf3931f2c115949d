using System.Diagnostics.CodeAnalysis;
using ToolGateway.Rego.Builtins.Yaml;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>YAML text to values, as <c>yaml.unmarshal</c> reads it.</summary>
public static class RegoYaml
{
    /// <summary>Reads one YAML document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="value">Its value, when it is one.</param>
    /// <param name="error">What is wrong, otherwise.</param>
    /// <param name="line">The line of the fault, counted from 1.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RegoValue? value, [NotNullWhen(false)] out string? error, out int line) =>
        YamlDocument.TryParse(text, out value, out error, out line);
}
