namespace ToolGateway.Faults;

/// <summary>Something that goes wrong around the gateway, or to it.</summary>
/// <param name="Name">For <c>--only</c>.</param>
/// <param name="What">What is done, for the table.</param>
/// <param name="Run">Does it, and says when it is repaired.</param>
internal sealed record Fault(string Name, string What, Func<Site, Task> Run)
{
    /// <summary>The longest that the configuration lets a call of this site take: decision, record and the tool's first byte.</summary>
    public TimeSpan Limit { get; init; } = Site.DecisionTimeout + Site.AuditTimeout + Site.ToolTimeout;

    /// <summary>Whether decisions come from a sidecar.</summary>
    public SidecarKind Sidecar { get; init; }

    /// <summary>Changes the configuration before the gateway starts.</summary>
    public Action<Testing.GatewayFixture>? Configure { get; init; }

    /// <summary>Changes the process before it starts.</summary>
    public Action<Site>? Attach { get; init; }

    /// <summary>What a shell does before it becomes the gateway.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether callers go on calling in the background; a fault that makes its own load does without.</summary>
    public bool HasBackground { get; init; } = true;
}

/// <summary>Where decisions come from.</summary>
internal enum SidecarKind
{
    /// <summary>The engine in the gateway's process.</summary>
    None,

    /// <summary>A sidecar that can be killed, stopped and given another policy: a real OPA where there is one.</summary>
    Any,

    /// <summary>A sidecar that misbehaves on purpose, on a unix socket.</summary>
    Scripted,

    /// <summary>The same on TCP.</summary>
    ScriptedTcp,
}
