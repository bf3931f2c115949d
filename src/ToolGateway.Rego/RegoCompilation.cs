namespace ToolGateway.Rego;

/// <summary>What compiling gave: a policy, or the errors for which there is none.</summary>
/// <param name="Policy">The policy; null when there are errors.</param>
/// <param name="Errors">All errors up to the cap, each with its place.</param>
public sealed record RegoCompilation(RegoPolicy? Policy, IReadOnlyList<RegoError> Errors);
