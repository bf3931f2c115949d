using System.Diagnostics;

namespace ToolGateway.Telemetry;

/// <summary>Spans of the stages of a call, below the server's span. Costs one comparison while nobody listens.</summary>
internal static class GatewayActivities
{
    public static ActivitySource Source { get; } = new(TelemetryNames.ActivitySource);

    public static Activity? Start(string stage, ActivityKind kind = ActivityKind.Internal) => Source.HasListeners() ? Source.StartActivity(stage, kind) : null;

    /// <summary>Says on the span of a decision what was decided; ids join it with the audit log and with OPA's.</summary>
    public static void Describe(this Activity? activity, Decisions.Decision decision, string id)
    {
        if (activity is null)
            return;
        activity.SetTag("toolgateway.decision.id", id);
        activity.SetTag("toolgateway.decision.outcome", decision.Outcome);
        activity.SetTag("toolgateway.decision.engine", decision.Engine);
        activity.SetTag("toolgateway.decision.cached", decision.Cached);
        activity.SetTag("toolgateway.decision.reasons", decision.Reasons);
        activity.SetTag("toolgateway.policy.revision", decision.PolicyRevision);
        if (decision.OpaDecisionId is not null)
            activity.SetTag("opa.decision_id", decision.OpaDecisionId);
    }
}
