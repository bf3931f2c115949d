using ToolGateway.Hosting;

namespace ToolGateway.Decisions;

/// <summary>Answers questions about calls. Never throws for what a policy, a sidecar or an input does: that is a denying <see cref="Decision"/>.</summary>
internal interface IDecisionPoint
{
    /// <summary>Whether the call may be made, by the policy of <paramref name="snapshot"/>.</summary>
    ValueTask<Decision> DecideAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation);

    /// <summary>Which of the input's candidates the caller may see.</summary>
    ValueTask<Visibility> VisibleAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation);
}
