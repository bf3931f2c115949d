using ToolGateway.Hosting;
using ToolGateway.Identity;

namespace ToolGateway.Enforcement;

/// <summary>Whether a caller that was identified is still welcome.</summary>
internal static class Liveness
{
    public static string? Refusal(GatewaySnapshot snapshot, Caller caller, DateTimeOffset now)
    {
        if (now >= caller.Credential.Expires)
            return ReasonCodes.TokenExpired;
        if (!snapshot.AgentsByIdentity.TryGetValue(caller.Id, out var agent))
            return caller.Agent is null ? null : ReasonCodes.AgentDisabled;
        if (!agent.Enabled)
            return ReasonCodes.AgentDisabled;
        return agent.IsActive(now) ? null : ReasonCodes.AgentExpired;
    }
}
