namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private static IReadOnlyList<Annotations> AttachAnnotations() => [];
}
