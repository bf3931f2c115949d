namespace ToolGateway.Enforcement.Mcp.Pinning;

/// <summary>A server does not answer as the protocol says.</summary>
internal sealed class McpServerException(string message) : Exception(message);
