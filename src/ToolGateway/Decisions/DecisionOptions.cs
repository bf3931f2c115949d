namespace ToolGateway.Decisions;

/// <summary>How calls are decided.</summary>
public sealed class DecisionOptions
{
    /// <summary><c>Embedded</c> or <c>Opa</c>.</summary>
    public string Engine { get; set; } = "Embedded";

    /// <summary>The engine in this process.</summary>
    public EmbeddedOptions Embedded { get; set; } = new();

    /// <summary>The OPA sidecar.</summary>
    public OpaOptions Opa { get; set; } = new();

    /// <summary>Reuse of decisions whose policy allows it.</summary>
    public DecisionCacheOptions Cache { get; set; } = new();

    /// <summary>A candidate policy whose decisions are compared with those in effect, and change none of them.</summary>
    public ShadowOptions Shadow { get; set; } = new();
}

/// <summary>The engine in this process.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Directory or file with Rego and data, or an OPA bundle (<c>*.tar.gz</c>).</summary>
    public string? PolicyPath { get; set; } = "policies";

    /// <summary>File with the key that verifies the bundle: PEM public key or certificate, JWK set, or shared secret.</summary>
    public string? VerificationKeyPath { get; set; }

    /// <summary>The key's name; a signature that names another key is refused.</summary>
    public string? VerificationKeyId { get; set; }

    /// <summary>Scope that the bundle's signature must state.</summary>
    public string? Scope { get; set; }

    /// <summary>Read a bundle without looking at signatures, as long as there is no key.</summary>
    public bool AllowUnsigned { get; set; }

    /// <summary>Let an older signed bundle replace a newer one.</summary>
    public bool AllowRollback { get; set; }

    /// <summary>A bundle service instead of <see cref="PolicyPath"/>, and the limits of every bundle.</summary>
    public BundleOptions Bundle { get; set; } = new();

    /// <summary>Longest time of one evaluation.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most steps of one evaluation.</summary>
    public long MaxSteps { get; set; } = 1_000_000;

    /// <summary>Most memory of one evaluation, in bytes.</summary>
    public long MaxMemoryBytes { get; set; } = 64L << 20;
}

/// <summary>The OPA sidecar.</summary>
public sealed class OpaOptions
{
    /// <summary><c>http://host:port</c>, <c>https://…</c>, or <c>unix:///path</c>.</summary>
    public string? Address { get; set; }

    /// <summary>Path of the decision document.</summary>
    public string Path { get; set; } = "toolgateway/decision";

    /// <summary>Path of the document that lists visible actions.</summary>
    public string VisiblePath { get; set; } = "toolgateway/visible";

    /// <summary>Longest time from question to answer, retries included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary><c>Deny</c> or <c>Embedded</c>.</summary>
    public string WhenUnavailable { get; set; } = "Deny";

    /// <summary>File with the bearer token for OPA.</summary>
    public string? TokenFile { get; set; }

    /// <summary>PEM certificates that sign OPA's certificate.</summary>
    public string? CaPath { get; set; }

    /// <summary>PEM certificate (with key) that the gateway presents to OPA.</summary>
    public string? ClientCertificatePath { get; set; }

    /// <summary>PEM key, unless it is in <see cref="ClientCertificatePath"/>.</summary>
    public string? ClientKeyPath { get; set; }

    /// <summary>Speak HTTP/2 without TLS (OPA's <c>--h2c</c>).</summary>
    public bool Http2 { get; set; }

    /// <summary>Share of failures within <see cref="CircuitWindow"/> that opens the circuit.</summary>
    public double CircuitFailureRatio { get; set; } = 0.5;

    /// <summary>Fewest calls within the window before the ratio counts.</summary>
    public int CircuitMinimumCalls { get; set; } = 10;

    /// <summary>Window over which failures are counted.</summary>
    public TimeSpan CircuitWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the circuit stays open before one call tries again.</summary>
    public TimeSpan CircuitBreak { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Reuse of decisions.</summary>
public sealed class DecisionCacheOptions
{
    /// <summary>Most decisions kept; 0 turns reuse off.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Longest reuse, whatever the policy says.</summary>
    public int MaxSeconds { get; set; } = 60;
}
