using System.Collections.Frozen;

namespace ToolGateway.Identity;

/// <summary>A caller, the registrations that it was looked up in, and the one that lists its id.</summary>
internal sealed record ResolvedCaller(FrozenDictionary<string, Agent> Agents, Caller Caller, Agent? Registration);
