using ToolGateway.Decisions.Caching;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Opa;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Enforcement;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions;

/// <summary>Answers from the cache, the configured engine, or the embedded engine while the sidecar cannot be reached.</summary>
internal sealed class DecisionPoint(EmbeddedEngine embedded, OpaEngineHolder sidecar, DecisionCache cache, ShadowDecisions shadow) : IDecisionPoint
{
    private const string Fallback = "embedded_fallback";

    private readonly EmbeddedEngine _embedded = embedded;

    public ValueTask<Decision> DecideAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation)
    {
        var decision = sidecar.Engine is { } opa ? DecideByOpa(opa, snapshot, input, cancellation) : DecideEmbedded(snapshot, input, cancellation);
        return shadow.Run is { } run ? run.Follow(input, decision) : decision;
    }

    public async ValueTask<Visibility> VisibleAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation)
    {
        var asked = AskVisibleAsync(snapshot, input);
        var visibility = asked.IsCompletedSuccessfully ? asked.Result : await asked.AsTask().WaitAsync(cancellation);
        if (!visibility.Names.IsSubsetOf(input.Candidates ?? []))
            visibility = visibility with { Names = visibility.Names.Intersect(input.Candidates ?? []).ToHashSet(StringComparer.Ordinal) };
        shadow.Run?.Offer(input, visibility);
        return visibility;
    }

    private ValueTask<Decision> DecideEmbedded(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation)
    {
        if (snapshot.Policy is not { } policy)
            return new(Decision.Unavailable(EmbeddedEngine.Name, ReasonCodes.PolicyUnavailable));
        if (!policy.Decision.IsReusable)
            return new(_embedded.Decide(policy, input, EmbeddedEngine.Name));
        return cache.GetAsync(
            snapshot,
            new CacheQuestion(policy.Decision.Path, EmbeddedEngine.Name, policy.Revision, policy.Decision.Facts, input),
            (_embedded, policy, input),
            static state => new(state._embedded.Decide(state.policy, state.input, EmbeddedEngine.Name)),
            cancellation);
    }

    private ValueTask<Decision> DecideByOpa(OpaEngine opa, GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation)
    {
        // Without a revision nothing would tell that the policy behind a remembered decision has changed.
        var decision = opa.Revision is not { } revision
            ? AskOpaAsync((this, opa, snapshot, input))
            : cache.GetAsync(
                snapshot,
                new CacheQuestion(OpaQuestion.Decision.ToString(), OpaEngine.Name, revision, FactSelection.Sidecar, input),
                (this, opa, snapshot, input),
                static state => AskOpaAsync(state),
                cancellation);
        return decision.IsCompleted ? decision : new(decision.AsTask().WaitAsync(cancellation));
    }

    private static async ValueTask<Decision> AskOpaAsync((DecisionPoint Point, OpaEngine Opa, GatewaySnapshot Snapshot, DecisionInput Input) state)
    {
        var reply = await state.Opa.AskAsync(state.Input);
        return state.Opa.StandIn(reply, state.Snapshot) is { } policy
            ? state.Point._embedded.Decide(policy, state.Input, Fallback) with { Lifetime = TimeSpan.Zero }
            : OpaEngine.ToDecision(reply);
    }

    private async ValueTask<Visibility> AskVisibleAsync(GatewaySnapshot snapshot, DecisionInput input)
    {
        if (sidecar.Engine is not { } opa)
        {
            return snapshot.Policy is { } policy
                ? _embedded.Visible(policy, input, EmbeddedEngine.Name)
                : new Visibility(new HashSet<string>(), EmbeddedEngine.Name, null, ReasonCodes.PolicyUnavailable, IsUnavailable: true);
        }

        var reply = await opa.AskAsync(input);
        return opa.StandIn(reply, snapshot) is { } standIn ? _embedded.Visible(standIn, input, Fallback) : OpaEngine.ToVisibility(reply);
    }
}
