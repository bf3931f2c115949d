using ToolGateway.Enforcement;
using ToolGateway.Hosting;

namespace ToolGateway.Identity;

/// <summary>Whether a caller that was identified may still go on: asked just before a call is forwarded, and while its answer streams.</summary>
internal static class CallerLiveness
{
    /// <summary>The reason why <paramref name="caller"/> may not go on under the newest snapshot, or null.</summary>
    public static string? Check(Caller caller, GatewaySnapshot newest, DateTimeOffset now)
    {
        if (now >= caller.Credential.Expires)
            return caller.Authentication == Refusals.Mtls ? ReasonCodes.CertificateInvalid : ReasonCodes.TokenExpired;
        var registration = newest.AgentsByIdentity.GetValueOrDefault(caller.Id);

        // An identity that was taken out of its agent's registration, or moved to another's, ends as if the agent were disabled.
        return caller.Agent is { } agent && agent.Name != registration?.Name ? ReasonCodes.AgentDisabled : CheckAgent(registration, now);
    }

    /// <summary>The reason why a registered agent may not call, or null.</summary>
    public static string? CheckAgent(Agent? agent, DateTimeOffset now)
    {
        if (agent is null || agent.IsActive(now))
            return null;
        return agent.Enabled ? ReasonCodes.AgentExpired : ReasonCodes.AgentDisabled;
    }
}
