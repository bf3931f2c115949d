namespace ToolGateway.Identity.Certificates;

/// <summary>A verified X.509-SVID.</summary>
internal sealed class VerifiedCertificate
{
    private volatile ResolvedCaller? _caller;

    /// <summary>Its SPIFFE id.</summary>
    public required string Id { get; init; }

    /// <summary>The trust domain that verified it.</summary>
    public required TrustDomain Domain { get; init; }

    /// <summary>Earliest end in its chain.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Its SHA-256 as RFC 8705 writes it (<c>x5t#S256</c>).</summary>
    public required string Thumbprint { get; init; }

    /// <summary>The caller that this certificate alone makes with the agents of one snapshot.</summary>
    public ResolvedCaller? Caller
    {
        get => _caller;
        set => _caller = value;
    }
}
