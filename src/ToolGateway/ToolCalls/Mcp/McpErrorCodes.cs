namespace ToolGateway.ToolCalls.Mcp;

/// <summary>JSON-RPC codes, the specification's and JSON-RPC's own.</summary>
internal static class McpErrorCodes
{
    public const int Parse = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int Internal = -32603;
    public const int HeaderMismatch = -32020;
    public const int UnsupportedVersion = -32022;
}
