namespace ToolGateway.Decisions.Shadow;

/// <summary>Calls of one kind whose answer a candidate would change in the same way.</summary>
/// <param name="Change">One of <see cref="Shadow.Change"/>.</param>
/// <param name="Caller">The registered name, or the identity when it has none.</param>
internal sealed record DifferenceKind(string Change, string Caller, string Tool, string Action, Answer Current, Answer Candidate);
