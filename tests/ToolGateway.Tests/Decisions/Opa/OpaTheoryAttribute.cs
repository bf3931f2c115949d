namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>A theory that needs a real OPA: <c>OPA_BIN</c>, or <c>opa</c> on the PATH. Reported as skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpaTheoryAttribute : TheoryAttribute
{
    public OpaTheoryAttribute() => Skip = RealOpa.Binary is null ? "no opa: set OPA_BIN, or put opa on the PATH" : null;
}
