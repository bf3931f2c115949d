using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Decisions;

/// <summary>
/// The facts of one question, from which each engine takes what it needs: the sidecar every fact as JSON, the embedded engine only members that the policy
/// reads. The document's shape is the contract of policies/README.md.
/// </summary>
/// <param name="Id">The call's id; also the decision id.</param>
/// <param name="RemoteAddress">The connection's peer.</param>
/// <param name="Time">When the call was received.</param>
/// <param name="Candidates">Action names to filter, for the visibility question; null for a decision.</param>
internal sealed record DecisionInput(
    Caller Caller, ToolCall Call, string Id, string RemoteAddress, DateTimeOffset Time, IReadOnlyList<string>? Candidates = null);
