using System.Collections.Frozen;
using ToolGateway.Hosting;
using ToolGateway.Identity.Certificates;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Identity;

/// <summary>
/// Trust bundles by trust domain and issuers by <c>iss</c>, read from their files for one snapshot. Whatever did not change since the previous snapshot is the
/// same object as before; results that were made with an object that is no longer here have ended.
/// </summary>
internal sealed class TrustMaterial
{
    private readonly FrozenDictionary<string, TrustDomain> _domains;
    private readonly FrozenDictionary<string, Issuer> _issuers;
    private readonly FrozenSet<TokenRules> _rules;

    private TrustMaterial(Dictionary<string, TrustDomain> domains, Dictionary<string, Issuer> issuers)
    {
        _domains = domains.ToFrozenDictionary(StringComparer.Ordinal);
        _issuers = issuers.ToFrozenDictionary(StringComparer.Ordinal);
        _rules = issuers.Values.Select(issuer => issuer.Rules).Concat(domains.Values.Select(domain => domain.Tokens).OfType<TokenRules>()).ToFrozenSet();
    }

    public static TrustMaterial Empty { get; } = new([], []);

    /// <summary>Stands for this object where the object itself must not be kept alive.</summary>
    public object Version { get; } = new();

    /// <summary>What was verified with these bundles; it ends with them.</summary>
    public RememberedCertificates Certificates { get; } = new();

    /// <summary>The configured issuers.</summary>
    public IEnumerable<Issuer> Issuers => _issuers.Values;

    /// <summary>The configured trust domains.</summary>
    public IEnumerable<TrustDomain> Domains => _domains.Values;

    /// <summary>Reads and checks everything that <paramref name="options"/> names.</summary>
    public static TrustMaterial Load(
        IdentityOptions options, string? publicUrl, FileSet files, ConfigurationErrors errors, TrustMaterial? previous, TimeProvider? clock = null)
    {
        var domains = new Dictionary<string, TrustDomain>(StringComparer.Ordinal);
        foreach (var (name, domain) in options.TrustDomains)
        {
            if (TrustDomainReader.Read(name, domain, files, errors, previous?.FindDomain(name)) is { } read)
                domains.Add(name, read);
        }

        var issuers = new Dictionary<string, Issuer>(StringComparer.Ordinal);
        foreach (var (name, issuer) in options.Issuers)
        {
            var key = $"Identity:Issuers:{name}";
            if (IssuerReader.Read(name, issuer, files, errors, previous, clock ?? TimeProvider.System) is { } read && !issuers.TryAdd(read.Value, read))
                errors.Add($"{key}:Issuer", issuer.Issuer, "another entry has the same issuer; keep one of them");
        }

        if (publicUrl is null && options.Issuers.Count == 0 && domains.Values.Any(domain => domain.Tokens is not null))
            errors.Add("PublicUrl", null, "missing; bearer tokens need the gateway's address as callers see it, such as https://gateway.example.com");
        return new TrustMaterial(domains, issuers);
    }

    public TrustDomain? FindDomain(string name) => _domains.GetValueOrDefault(name);

    public Issuer? FindIssuer(string issuer) => _issuers.GetValueOrDefault(issuer);

    /// <summary>The rules for a token with these claims: its issuer's, or those of the trust domain of a JWT-SVID's subject.</summary>
    public TokenRules? FindSigner(TokenClaims claims, out Issuer? issuer)
    {
        issuer = claims.Issuer is null ? null : FindIssuer(claims.Issuer);
        if (issuer is not null)
            return issuer.Rules;
        return SpiffeId.TryParse(claims.Subject ?? "", out var id) ? FindDomain(id.TrustDomain)?.Tokens : null;
    }

    /// <summary>Whether tokens that were verified under <paramref name="rules"/> still are.</summary>
    public bool Uses(TokenRules rules) => _rules.Contains(rules);
}
