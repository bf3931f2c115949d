using System.Collections.Frozen;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.Hosting;

/// <summary>Everything that calls are judged by, read as one set and replaced whole. A call uses the one it took when it began.</summary>
internal sealed record GatewaySnapshot
{
    public required ToolGatewayOptions Options { get; init; }

    /// <summary>Hash over the configuration and the files it names (policy excluded).</summary>
    public required string ConfigurationRevision { get; init; }

    /// <summary>The registered agents by each of their identities.</summary>
    public required FrozenDictionary<string, Agent> AgentsByIdentity { get; init; }

    public required FrozenDictionary<string, Agent> AgentsByName { get; init; }

    public required FrozenDictionary<string, Tool> Tools { get; init; }

    /// <summary>Trust bundles and issuers.</summary>
    public required TrustMaterial Trust { get; init; }

    /// <summary>The gateway's own certificate, or null where the listener has no TLS.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>The embedded policy, or null when the sidecar decides alone.</summary>
    public EmbeddedPolicy? Policy { get; init; }

    /// <summary>Why there is no <see cref="Policy"/> although there should be one: nothing fetched yet, or a kept bundle that cannot be used.</summary>
    public string? PolicyProblem { get; init; }

    /// <summary>Revision of each part that a change record can be about: policy, agents, catalogue, keys, pins.</summary>
    public required IReadOnlyDictionary<string, string?> PartRevisions { get; init; }

    /// <summary>YARP clusters for <see cref="Tools"/>.</summary>
    public required IReadOnlyList<ClusterConfig> Clusters { get; init; }
}
