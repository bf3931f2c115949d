namespace ToolGateway.ToolCalls;

/// <summary>One tool of the catalogue.</summary>
public sealed class ToolOptions
{
    /// <summary>Address of the tool. One of this and <see cref="Cluster"/>.</summary>
    public string? Upstream { get; set; }

    /// <summary>Name of a cluster in <c>ReverseProxy:Clusters</c>.</summary>
    public string? Cluster { get; set; }

    /// <summary><c>http</c> or <c>mcp</c>.</summary>
    public string Protocol { get; set; } = "http";

    /// <summary>Who answers for it. Required.</summary>
    public string? Owner { get; set; }

    /// <summary>Its environment; absent: shared.</summary>
    public string? Environment { get; set; }

    /// <summary>Its tenant; absent: shared.</summary>
    public string? Tenant { get; set; }

    /// <summary>When its registration should be looked at again.</summary>
    public DateOnly? ReviewBy { get; set; }

    /// <summary>Where it sends data, such as internal or external.</summary>
    public string? Destination { get; set; }

    /// <summary>Kinds of data it holds, such as pii.</summary>
    public List<string> Data { get; set; } = [];

    /// <summary><c>low | medium | high</c>; absent: high.</summary>
    public string? Risk { get; set; }

    /// <summary>Credentials that a call needs: <c>any</c> (default), <c>mtls</c>, <c>jwt</c> or <c>both</c>.</summary>
    public string Authentication { get; set; } = "any";

    /// <summary>The gateway's own credential for the tool.</summary>
    public ToolCredentialOptions? Credential { get; set; }

    /// <summary>Request headers that are forwarded in addition to the standard list, and appear in the arguments.</summary>
    public List<string> ForwardHeaders { get; set; } = [];

    /// <summary>Allow HTTP upgrades (WebSockets) to this tool.</summary>
    public bool AllowUpgrade { get; set; }

    /// <summary>Answer with a <c>Server-Timing</c> header.</summary>
    public bool ServerTiming { get; set; }

    /// <summary>Longest time from forwarding to the first byte of the answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>The actions by name.</summary>
    public Dictionary<string, ActionOptions> Actions { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Settings of a tool with <see cref="Protocol"/> mcp.</summary>
    public McpToolOptions Mcp { get; set; } = new();
}

/// <summary>The gateway's own credential for a tool.</summary>
public sealed class ToolCredentialOptions
{
    /// <summary>Header that carries it.</summary>
    public string Header { get; set; } = "Authorization";

    /// <summary>Scheme before the value; empty: the value alone.</summary>
    public string? Scheme { get; set; } = "Bearer";

    /// <summary>File that holds the value; read again when it changes.</summary>
    public string? ValueFile { get; set; }
}

/// <summary>One action of an HTTP tool, or what is known of one MCP tool.</summary>
public sealed class ActionOptions
{
    /// <summary>HTTP method.</summary>
    public string? Method { get; set; }

    /// <summary>Path template such as <c>/customers/{id}</c>.</summary>
    public string? Path { get; set; }

    /// <summary>Query names, each <c>one</c> or <c>many</c>; <c>*</c> for any.</summary>
    public Dictionary<string, string> Query { get; set; } = new(StringComparer.Ordinal);

    /// <summary><c>json</c>, <c>opaque</c>, or absent for none.</summary>
    public string? Body { get; set; }

    /// <summary><c>low | medium | high</c>; absent: the tool's.</summary>
    public string? Risk { get; set; }

    /// <summary><c>read | write | export | admin</c>; absent: write.</summary>
    public string? Effect { get; set; }
}

/// <summary>Settings of an MCP tool server.</summary>
public sealed class McpToolOptions
{
    /// <summary>How a denied <c>tools/call</c> is answered: <c>error</c> (JSON-RPC error) or <c>result</c> (<c>isError</c>).</summary>
    public string DenyAs { get; set; } = "error";

    /// <summary>JSON-RPC code of a denial; outside −32768…−32000.</summary>
    public int DenyCode { get; set; } = 403;

    /// <summary>File that pins the server's tool definitions.</summary>
    public string? PinPath { get; set; }
}
