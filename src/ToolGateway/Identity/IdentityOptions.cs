namespace ToolGateway.Identity;

/// <summary>Who may identify callers.</summary>
public sealed class IdentityOptions
{
    /// <summary>SPIFFE trust domains by name.</summary>
    public Dictionary<string, TrustDomainOptions> TrustDomains { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Token issuers by a name of your choice.</summary>
    public Dictionary<string, IssuerOptions> Issuers { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>One SPIFFE trust domain.</summary>
public sealed class TrustDomainOptions
{
    /// <summary>SPIFFE bundle (JWK Set) or PEM certificates; read again when it changes.</summary>
    public string? BundlePath { get; set; }

    /// <summary>Audience that JWT-SVIDs of this domain must name. Absent: JWT-SVIDs are not accepted.</summary>
    public string? Audience { get; set; }

    /// <summary>Longest accepted lifetime of an SVID.</summary>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>One issuer of bearer tokens.</summary>
public sealed class IssuerOptions
{
    /// <summary>The exact <c>iss</c>.</summary>
    public string? Issuer { get; set; }

    /// <summary>The audience that tokens must name; <c>PublicUrl/tools/{name}</c> of the called tool is accepted too.</summary>
    public string? Audience { get; set; }

    /// <summary>File with the issuer's JWK Set. One of this, <see cref="JwksUri"/> and <see cref="MetadataAddress"/>.</summary>
    public string? JwksPath { get; set; }

    /// <summary>Address of the issuer's JWK Set.</summary>
    public string? JwksUri { get; set; }

    /// <summary>Address of the issuer's OpenID or RFC 8414 metadata.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>Accepted <c>typ</c> header values.</summary>
    public List<string> Types { get; set; } = [];

    /// <summary>Accepted signature algorithms, a subset of RS/PS/ES 256, 384, 512. Empty: all of them.</summary>
    public List<string> Algorithms { get; set; } = [];

    /// <summary>SPIFFE trust domains whose ids this issuer may put into <c>sub</c>.</summary>
    public List<string> TrustDomains { get; set; } = [];

    /// <summary>Longest accepted <c>exp − iat</c>.</summary>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Accept only tokens that are bound to the caller's certificate.</summary>
    public bool RequireBoundTokens { get; set; }

    /// <summary>Which claim names the agent: <c>client_id</c>, or absent for the rules of the design.</summary>
    public string? Agent { get; set; }

    /// <summary>Claims that carry verified intent.</summary>
    public IntentClaimOptions Claims { get; set; } = new();

    /// <summary>Names of claims that policies may see at <c>subject.properties.claims</c>.</summary>
    public List<string> PolicyClaims { get; set; } = ["scope", "roles", "groups", "entitlements"];
}

/// <summary>Claim names for verified intent.</summary>
public sealed class IntentClaimOptions
{
    /// <summary>Claim that holds the task.</summary>
    public string? Task { get; set; }

    /// <summary>Claim that holds the purpose.</summary>
    public string? Purpose { get; set; }
}

/// <summary>One registered agent.</summary>
public sealed class AgentOptions
{
    /// <summary>Every id it may present: SPIFFE ids and <c>issuer#value</c>.</summary>
    public List<string> Identities { get; set; } = [];

    /// <summary>Who answers for it. Required.</summary>
    public string? Owner { get; set; }

    /// <summary>Its environment, such as prod.</summary>
    public string? Environment { get; set; }

    /// <summary>Its tenant.</summary>
    public string? Tenant { get; set; }

    /// <summary>False refuses it, whatever it presents.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>From then on it is refused.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When its registration should be looked at again.</summary>
    public DateOnly? ReviewBy { get; set; }
}
