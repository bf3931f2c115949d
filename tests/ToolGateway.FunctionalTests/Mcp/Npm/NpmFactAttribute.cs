namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>A fact that needs Node 22, which is an optional package of <c>tests/npm</c>, too.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NewNpmFactAttribute : FactAttribute
{
    public NewNpmFactAttribute() => Skip = NodeProgram.IsNewInstalled ? null : "no Node 22, or no packages: run .ci/install";
}

/// <summary>A fact that needs Node and the packages of <c>tests/npm</c>. Reported as skipped where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = NodeProgram.IsInstalled ? null : "no node, or no packages: run .ci/install";
}
