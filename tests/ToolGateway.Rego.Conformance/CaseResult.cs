namespace ToolGateway.Rego.Conformance;

/// <summary>What became of a case; <see cref="Failure"/> says why it did not pass.</summary>
public sealed record CaseResult(ConformanceCase Case, string? Failure)
{
    public bool Passed => Failure is null;
}
