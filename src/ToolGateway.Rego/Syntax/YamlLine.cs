namespace ToolGateway.Rego.Syntax;

/// <summary>A line of YAML that has content: its number, its indentation and the text after that.</summary>
internal readonly record struct YamlLine(int Number, int Indent, string Text, string Raw);
