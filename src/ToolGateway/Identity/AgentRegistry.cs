using System.Collections.Frozen;
using ToolGateway.Hosting;

namespace ToolGateway.Identity;

/// <summary>The registered agents of one snapshot, by name and by identity.</summary>
internal sealed record AgentRegistry(FrozenDictionary<string, Agent> ByName, FrozenDictionary<string, Agent> ByIdentity)
{
    public static AgentRegistry Build(IReadOnlyDictionary<string, AgentOptions> options, ConfigurationErrors errors)
    {
        var byName = new Dictionary<string, Agent>(StringComparer.Ordinal);
        var byIdentity = new Dictionary<string, Agent>(StringComparer.Ordinal);
        foreach (var (name, agent) in options)
        {
            var key = $"Agents:{name}";
            if (!Names.IsValid(name))
                errors.Add(key, name, Names.Repair);
            if (string.IsNullOrWhiteSpace(agent.Owner))
                errors.Add($"{key}:Owner", null, "missing; name the team or person who answers for the agent");
            if (agent.Identities.Count == 0)
                errors.Add($"{key}:Identities", null, "missing; list at least one SPIFFE id or issuer#value");
            var built = new Agent(name, agent.Owner ?? "", agent.Environment, agent.Tenant, agent.Enabled, agent.ExpiresAt, agent.ReviewBy, [.. agent.Identities]);
            byName[name] = built;
            for (var i = 0; i < agent.Identities.Count; i++)
                AddIdentity(built, agent.Identities[i], $"{key}:Identities:{i}", byIdentity, errors);
        }

        return new AgentRegistry(byName.ToFrozenDictionary(StringComparer.Ordinal), byIdentity.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static void AddIdentity(Agent agent, string identity, string key, Dictionary<string, Agent> byIdentity, ConfigurationErrors errors)
    {
        if (!SpiffeId.TryParse(identity, out _) && (identity.StartsWith(SpiffeId.Prefix, StringComparison.Ordinal) || identity.IndexOf('#', StringComparison.Ordinal) <= 0))
            errors.Add(key, identity, "write spiffe://domain/path, or the issuer, '#' and the value of its claim");
        else if (!byIdentity.TryAdd(identity, agent))
            errors.Add(key, identity, $"belongs to the agent '{byIdentity[identity].Name}' already; an identity belongs to exactly one agent");
    }
}
