using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls;

/// <summary>What one request wants: the tool, the action and its arguments, exactly as they will be forwarded.</summary>
internal sealed record ToolCall
{
    public required Tool Tool { get; init; }

    /// <summary>Name of the action; for MCP the tool's name or <c>mcp:method</c>.</summary>
    public required string Action { get; init; }

    public required string Method { get; init; }

    public required Risk Risk { get; init; }

    /// <summary><c>read | write | export | admin</c></summary>
    public required string Effect { get; init; }

    /// <summary>Path and query for the upstream, byte for byte what was decided.</summary>
    public required string UpstreamTarget { get; init; }

    public required BodyMode BodyMode { get; init; }

    /// <summary>The checked JSON body as received; empty unless <see cref="BodyMode"/> is json.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public RegoObject PathArguments { get; init; } = RegoObject.Empty;

    public RegoObject QueryArguments { get; init; } = RegoObject.Empty;

    /// <summary>Values of the tool's <c>ForwardHeaders</c>, or null when it has none.</summary>
    public RegoObject? HeaderArguments { get; init; }

    public required Intent Intent { get; init; }

    /// <summary>What only MCP calls have.</summary>
    public McpCall? Mcp { get; init; }
}

/// <summary>What the caller says the call is for.</summary>
internal readonly record struct Intent(string? Task, string? Purpose, bool Verified);

/// <summary>The MCP part of a call.</summary>
internal sealed record McpCall(string Method, string? Version, RegoValue? InputResponses, string? RequestStateDigest)
{
    /// <summary>The part of the body that is the policy's <c>arguments.body</c>: <c>params.arguments</c>, or <c>params</c> without <c>_meta</c>.</summary>
    public RegoValue? Arguments { get; init; }

    /// <summary>Trusted annotations from the pinned definition, or null.</summary>
    public RegoObject? PinnedAnnotations { get; init; }
}

/// <summary>Why a request is not a tool call.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">Code from <see cref="Enforcement.ReasonCodes"/>.</param>
/// <param name="Detail">What to repair, safe to show.</param>
internal sealed record CallRefusal(int Status, string Reason, string Detail)
{
    /// <summary>Value of <c>Allow</c>, with status 405.</summary>
    public string? Allow { get; init; }

    /// <summary>Whether what follows on the connection cannot be trusted to be a request.</summary>
    public bool ClosesConnection { get; init; }

    /// <summary>Whether the caller left before it had sent everything.</summary>
    public bool IsAborted { get; init; }
}

/// <summary>A tool call, or why a request is none.</summary>
internal readonly record struct Classification(ToolCall? Call, CallRefusal? Refusal)
{
    public static implicit operator Classification(CallRefusal refusal) => new(null, refusal);
}
