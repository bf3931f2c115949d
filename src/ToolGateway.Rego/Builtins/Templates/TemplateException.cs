namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>Ends parsing or rendering at the first fault; it never leaves <see cref="RenderTemplate"/>.</summary>
internal sealed class TemplateException(string message) : Exception(message);
