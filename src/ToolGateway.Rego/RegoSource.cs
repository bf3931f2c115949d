namespace ToolGateway.Rego;

/// <summary>The text of one policy file.</summary>
/// <param name="File">The name that locations and errors show. It is not opened.</param>
/// <param name="Text">Rego.</param>
public sealed record RegoSource(string File, string Text);
