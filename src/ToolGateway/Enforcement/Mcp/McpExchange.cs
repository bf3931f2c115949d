using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>What is known of the JSON-RPC exchange of one request; travels with the request beside its call.</summary>
internal sealed class McpExchange
{
    public McpMessage? Message { get; set; }

    /// <summary>Id to answer with, known even where the rest of the message is refused.</summary>
    public RegoValue? Id { get; set; }

    /// <summary>What of the server the message is about, by the names that the policy knows it by.</summary>
    public IReadOnlyList<string> Items { get; set; } = [];

    /// <summary>JSON-RPC code of a message that could not be read.</summary>
    public int? Code { get; set; }

    public bool IsModern { get; set; }

    public string? Version { get; set; }

    /// <summary>Revisions to offer when the client's is not supported.</summary>
    public IReadOnlyList<string> Supported { get; set; } = McpVersions.Supported;

    /// <summary>The session id as the caller knows it.</summary>
    public string? SessionId { get; set; }

    /// <summary>The session id as the tool knows it.</summary>
    public string? UpstreamSessionId { get; set; }
}
