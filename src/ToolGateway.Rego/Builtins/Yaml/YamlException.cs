namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Ends reading at the first fault; it never leaves <see cref="YamlDocument"/>.</summary>
internal sealed class YamlException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
