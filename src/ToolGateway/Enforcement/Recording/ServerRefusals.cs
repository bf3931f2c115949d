using System.Net;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.Telemetry;

namespace ToolGateway.Enforcement.Recording;

/// <summary>
/// Records what the server refused before it became a call, within the share that unidentified calls have. Nobody was identified, so the pair has an address and a
/// reason only.
/// </summary>
internal sealed class ServerRefusals(IAuditLog audit, GatewayMetrics metrics, SnapshotHolder snapshots, TimeProvider time)
{
    public void Record(IPAddress? peer, int status)
    {
        var (reason, now) = (ReasonOf(status), time.GetUtcNow());
        metrics.Refused(new IdentityRefusal(status, reason, "none", "the server refused the request", null));
        var decision = new DecisionRecord
        {
            DecisionId = DecisionIds.New(now),
            Time = now,
            RemoteAddress = RemoteAddresses.Of(peer).Text,
            Decision = Decision.Denied("none", reason),
            ConfigurationRevision = snapshots.Current.ConfigurationRevision,
            Duration = TimeSpan.Zero,
        };
        var ended = status == 408 ? "timeout" : "blocked";
        audit.Unidentified(decision, new OutcomeRecord(decision.DecisionId, now, status, null, 0, null, 0, TimeSpan.Zero, ended, reason));
    }

    private static string ReasonOf(int status) => status switch
    {
        405 => ReasonCodes.MethodNotAllowed,
        408 => ReasonCodes.RequestTimeout,
        413 => ReasonCodes.BodyTooLarge,
        414 => ReasonCodes.TargetInvalid,
        429 => ReasonCodes.RateLimited,
        431 => ReasonCodes.HeadersTooLarge,
        _ => ReasonCodes.RequestMalformed,
    };
}
