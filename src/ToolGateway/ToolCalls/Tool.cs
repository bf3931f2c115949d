using System.Collections.Frozen;

namespace ToolGateway.ToolCalls;

/// <summary>How much harm an action can do.</summary>
internal enum Risk
{
    Low,
    Medium,
    High,
}

/// <summary>How the body of an action is treated.</summary>
internal enum BodyMode
{
    None,
    Json,
    Opaque,
}

/// <summary>A tool of one snapshot's catalogue.</summary>
internal sealed record Tool
{
    public required string Name { get; init; }

    public required bool IsMcp { get; init; }

    public required string Owner { get; init; }

    public string? Environment { get; init; }

    public string? Tenant { get; init; }

    public string? Destination { get; init; }

    public IReadOnlyList<string> Data { get; init; } = [];

    public required Risk Risk { get; init; }

    /// <summary><c>any | mtls | jwt | both</c>.</summary>
    public required string Authentication { get; init; }

    /// <summary>Id of the YARP cluster that serves it.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Path before the tool's own paths at the upstream (for MCP: the endpoint), without a trailing slash.</summary>
    public required string UpstreamPath { get; init; }

    public ToolCredential? Credential { get; init; }

    public FrozenSet<string> ForwardHeaders { get; init; } = FrozenSet<string>.Empty;

    public bool AllowUpgrade { get; init; }

    public bool ServerTiming { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>The actions by name; HTTP tools match <see cref="Routes"/> instead.</summary>
    public FrozenDictionary<string, ToolAction> Actions { get; init; } = FrozenDictionary<string, ToolAction>.Empty;

    /// <summary>Matches method and path to an action.</summary>
    public required ActionRoutes Routes { get; init; }

    public McpToolOptions Mcp { get; init; } = new();

    /// <summary>The approved definitions of an MCP server's tools, or null when it is not pinned.</summary>
    public Mcp.ToolPinFile? Pins { get; init; }
}

/// <summary>An action of a tool.</summary>
internal sealed record ToolAction(
    string Name, string? Method, string? Template, FrozenDictionary<string, bool> QueryMany, bool AnyQuery, BodyMode Body, Risk Risk, string Effect);

/// <summary>The gateway's own credential for a tool: header and value as sent, and a name that may be recorded.</summary>
internal sealed record ToolCredential(string Header, string Value, string Name)
{
    public override string ToString() => Name;
}
