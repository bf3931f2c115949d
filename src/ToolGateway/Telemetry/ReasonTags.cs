using System.Collections.Concurrent;
using ToolGateway.Enforcement;

namespace ToolGateway.Telemetry;

/// <summary>
/// Lets reason codes become tag values: the gateway's own, and the first of the policy's up to a cap. A policy that put a caller's text into its reasons would
/// otherwise make a time series of each.
/// </summary>
internal sealed class ReasonTags
{
    private const int MaxPolicyReasons = 64;

    private readonly ConcurrentDictionary<string, string> _policyReasons = new(StringComparer.Ordinal);

    public string Of(IReadOnlyList<string> reasons)
    {
        if (reasons.Count == 0)
            return "";
        var reason = reasons[0];
        if (ReasonCodes.All.TryGetValue(reason, out var known) || _policyReasons.TryGetValue(reason, out known))
            return known;
        return _policyReasons.Count < MaxPolicyReasons ? _policyReasons.GetOrAdd(reason, reason) : TelemetryNames.Other;
    }
}
