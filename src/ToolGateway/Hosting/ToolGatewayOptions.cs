using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;
using ToolGateway.Identity;
using ToolGateway.Telemetry;
using ToolGateway.ToolCalls;

namespace ToolGateway.Hosting;

/// <summary>The configuration section <c>ToolGateway</c>.</summary>
public sealed class ToolGatewayOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "ToolGateway";

    /// <summary>The gateway's address as callers see it. Required when issuers are configured; the Host header is never used to build a URL.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Name of this instance in audit records and telemetry. Default: the machine's name.</summary>
    public string? Instance { get; set; }

    /// <summary>Where calls are accepted.</summary>
    public ListenerOptions Listen { get; set; } = new();

    /// <summary>Where probes and administrative requests are accepted.</summary>
    public ManagementOptions Management { get; set; } = new();

    /// <summary>Trust domains and token issuers.</summary>
    public IdentityOptions Identity { get; set; } = new();

    /// <summary>The registered agents by name.</summary>
    public Dictionary<string, AgentOptions> Agents { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The tools by name.</summary>
    public Dictionary<string, ToolOptions> Tools { get; set; } = new(StringComparer.Ordinal);

    /// <summary>How calls are decided.</summary>
    public DecisionOptions Decisions { get; set; } = new();

    /// <summary>Where and how durably calls are recorded.</summary>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>Sizes, rates and times that callers are held to.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>What is exported where.</summary>
    public TelemetryOptions Telemetry { get; set; } = new();
}

/// <summary>The listener for calls.</summary>
public sealed class ListenerOptions
{
    /// <summary><c>https://address:port</c>; <c>http://</c> only on loopback.</summary>
    public string Address { get; set; } = "https://0.0.0.0:8443";

    /// <summary>PEM certificate chain of the gateway, leaf first.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM private key of the certificate.</summary>
    public string? KeyPath { get; set; }
}

/// <summary>The listeners for operators.</summary>
public sealed class ManagementOptions
{
    /// <summary>Serves <c>/livez</c>, <c>/readyz</c> and <c>/metrics</c> only; empty turns it off.</summary>
    public string? Probes { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Serves everything else; loopback, a unix socket, or https with client certificates named in <see cref="AllowedIds"/>. Empty turns it off.</summary>
    public string? Address { get; set; } = "http://127.0.0.1:8082";

    /// <summary>SPIFFE ids that may use <see cref="Address"/> over mTLS.</summary>
    public List<string> AllowedIds { get; set; } = [];
}
