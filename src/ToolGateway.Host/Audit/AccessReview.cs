using ToolGateway.Audit.Reading;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Host.Audit;

/// <summary>What an agent may attempt with a tool, beside what it did.</summary>
/// <param name="Calls">Allowed calls in the log; 0: reach that was not used.</param>
internal sealed record ReviewedAccess(string Agent, string Tool, string Action, bool MayAttempt, long Calls, DateTimeOffset? Last);

/// <summary>Asks the policy, for each registered agent and tool, which actions it may attempt, and sets that against the log.</summary>
internal sealed class AccessReview(EmbeddedEngine engine, TimeProvider time)
{
    /// <summary>The rows in order; null with an error when the policy gives no answer.</summary>
    public (IReadOnlyList<ReviewedAccess> Rows, string? Error) Of(GatewaySnapshot snapshot, LogStatistics log)
    {
        if (snapshot.Policy is not { } policy)
            return ([], "the configuration has no embedded policy to ask what agents may attempt");
        var rows = new List<ReviewedAccess>();
        foreach (var agent in snapshot.AgentsByName.Values.OrderBy(agent => agent.Name, StringComparer.Ordinal))
        {
            foreach (var tool in snapshot.Tools.Values.OrderBy(tool => tool.Name, StringComparer.Ordinal))
            {
                var used = log.Used.Where(entry => entry.Key.Agent == agent.Name && entry.Key.Tool == tool.Name).ToDictionary(entry => entry.Key.Action, entry => entry.Value, StringComparer.Ordinal);
                var candidates = tool.Actions.Keys.Union(used.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
                var visible = engine.Visible(policy, Question(agent, tool, candidates), EmbeddedEngine.Name);
                if (visible.FailureReason is { } reason)
                    return (rows, $"the policy does not say what {agent.Name} may attempt with {tool.Name}: {reason}");
                rows.AddRange(candidates.Where(action => visible.Names.Contains(action) || used.ContainsKey(action)).Select(action => used.TryGetValue(action, out var usage)
                    ? new ReviewedAccess(agent.Name, tool.Name, action, visible.Names.Contains(action), usage.Count, usage.Last)
                    : new ReviewedAccess(agent.Name, tool.Name, action, true, 0, null)));
            }
        }

        return (rows, null);
    }

    private DecisionInput Question(Agent agent, Tool tool, IReadOnlyList<string> candidates)
    {
        var id = agent.Identities.Count > 0 ? agent.Identities[0] : agent.Name;
        var method = id.StartsWith("spiffe://", StringComparison.Ordinal) ? "mtls" : "jwt";
        var caller = new Caller
        {
            Type = "agent",
            Id = id,
            Authentication = method,
            Agent = agent,
            Credential = new CredentialInfo(method, null, null, null, null, DateTimeOffset.MaxValue),
        };
        var call = new ToolCall
        {
            Tool = tool,
            Action = tool.IsMcp ? "mcp:tools/list" : "",
            Method = tool.IsMcp ? "POST" : "GET",
            Risk = Risk.Low,
            Effect = "read",
            UpstreamTarget = "/",
            BodyMode = BodyMode.None,
            Intent = new Intent(null, null, false),
        };
        return new DecisionInput(caller, call, "review", "127.0.0.1", time.GetUtcNow(), candidates);
    }
}
