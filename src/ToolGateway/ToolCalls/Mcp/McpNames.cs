namespace ToolGateway.ToolCalls.Mcp;

/// <summary>Names of the Model Context Protocol.</summary>
internal static class McpNames
{
    public const string VersionHeader = "MCP-Protocol-Version";
    public const string SessionHeader = "Mcp-Session-Id";
    public const string MethodHeader = "Mcp-Method";
    public const string NameHeader = "Mcp-Name";
    public const string ParameterHeaderPrefix = "Mcp-Param-";
    public const string LastEventHeader = "Last-Event-ID";

    public const string MetaPrefix = "io.modelcontextprotocol/";
    public const string VersionMeta = MetaPrefix + "protocolVersion";
    public const string CapabilitiesMeta = MetaPrefix + "clientCapabilities";
    public const string TaskMeta = "dev.toolgateway/task";
    public const string PurposeMeta = "dev.toolgateway/purpose";

    /// <summary>Begins the action of everything that is not the call of a tool.</summary>
    public const string ActionPrefix = "mcp:";

    /// <summary>Actions of requests that carry no method.</summary>
    public const string StreamAction = "mcp:stream";

    public const string EndSessionAction = "mcp:session/delete";
    public const string ResponseAction = "mcp:response";
}
