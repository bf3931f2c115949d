using Microsoft.Extensions.Logging;
using ToolGateway.Decisions.Results;
using ToolGateway.Enforcement;
using ToolGateway.Rego;

namespace ToolGateway.Decisions.Embedded;

/// <summary>Decides in this process, within the limits of the options.</summary>
internal sealed partial class EmbeddedEngine(DecisionMetrics metrics, ILogger<EmbeddedEngine> logger)
{
    public const string Name = "embedded";

    public Decision Decide(EmbeddedPolicy policy, DecisionInput input, string engine)
    {
        var result = policy.Decision.Query.Evaluate(new DecisionInputSource(input), policy.Evaluation);
        return result.Error is { } error
            ? Decision.Denied(engine, Reason(error), policy.Revision)
            : RegoResultReader.ReadDecision(result.Value, engine, policy.Revision);
    }

    public Visibility Visible(EmbeddedPolicy policy, DecisionInput input, string engine)
    {
        var result = policy.Visible.Query.Evaluate(new DecisionInputSource(input), policy.Evaluation);
        if (result.Error is { } error)
            return new Visibility(new HashSet<string>(), engine, policy.Revision, Reason(error), IsUnavailable: false);
        return RegoResultReader.ReadNames(result.Value) is { } names
            ? new Visibility(names, engine, policy.Revision, null, IsUnavailable: false)
            : new Visibility(new HashSet<string>(), engine, policy.Revision, ReasonCodes.PolicyInvalidResult, IsUnavailable: false);
    }

    /// <summary>The gateway's reason for an evaluation that ended with an error.</summary>
    public static string ReasonOf(RegoError error) =>
        error.Code is RegoErrorCodes.EvalCancel or RegoErrorCodes.LimitExceeded ? ReasonCodes.PolicyTimeout : ReasonCodes.PolicyError;

    private string Reason(RegoError error)
    {
        var reason = ReasonOf(error);
        metrics.Failed(Name, reason == ReasonCodes.PolicyTimeout ? "timeout" : "evaluation");
        Log.Failed(logger, error.ToString());
        return reason;
    }

    private static partial class Log
    {
        [LoggerMessage(3110, LogLevel.Error, "the policy could not be evaluated, the call is denied: {Error}")]
        public static partial void Failed(ILogger logger, string error);
    }
}
