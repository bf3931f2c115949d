using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using ToolGateway.Hosting;

namespace ToolGateway.Identity.Tokens;

/// <summary>Makes an issuer of its options, or notes what is wrong.</summary>
internal static class IssuerReader
{
    public static Issuer? Read(
        string name, IssuerOptions options, FileSet files, ConfigurationErrors errors, TrustMaterial? previous, TimeProvider clock)
    {
        var key = $"Identity:Issuers:{name}";
        var before = errors.Items.Count;
        CheckNames(name, key, options, errors);
        CheckLimits(key, options, errors);
        var content = CheckKeySource(key, options, errors) && options.JwksPath is { } path ? files.Read(path, $"{key}:JwksPath", errors) : null;
        if (errors.Items.Count > before)
            return null;
        var fingerprint = JsonSerializer.Serialize(options) + (content is { } bytes ? Convert.ToHexString(SHA256.HashData(bytes.Span)) : "");
        if (previous?.FindIssuer(options.Issuer!) is { } known && known.Fingerprint == fingerprint)
            return known;
        KeySource? keys = content is { } json ? ReadKeys(json, $"{key}:JwksPath", options, errors) : RemoteKeys(options, clock);
        return keys is null ? null : Create(name, options, keys, fingerprint);
    }

    private static void CheckNames(string name, string key, IssuerOptions options, ConfigurationErrors errors)
    {
        if (!Names.IsValid(name))
            errors.Add(key, name, Names.Repair);
        if (!IsIssuer(options.Issuer))
            errors.Add($"{key}:Issuer", options.Issuer, "write the exact 'iss' of the tokens: an https URL without query or fragment (http only on this machine)");
        if (string.IsNullOrWhiteSpace(options.Audience))
            errors.Add($"{key}:Audience", options.Audience, "missing; name the audience that the issuer puts into tokens for the gateway");
        if (options.Agent is not (null or "client_id"))
            errors.Add($"{key}:Agent", options.Agent, "write client_id, or leave the key away");
        foreach (var domain in options.TrustDomains.Where(domain => !SpiffeId.IsTrustDomain(domain)))
            errors.Add($"{key}:TrustDomains", domain, "a trust domain is made of a-z, 0-9, '.', '-' and '_'");
        if (options.Claims.Task is "" || options.Claims.Purpose is "")
            errors.Add($"{key}:Claims", "", "name the claim, or leave the key away");
        if (options.PolicyClaims.Any(string.IsNullOrWhiteSpace))
            errors.Add($"{key}:PolicyClaims", "", "name each claim that policies may see");
    }

    private static void CheckLimits(string key, IssuerOptions options, ConfigurationErrors errors)
    {
        if (options.MaxLifetime <= TimeSpan.Zero)
            errors.Add($"{key}:MaxLifetime", options.MaxLifetime.ToString(), "write a positive time, such as 01:00:00");
        foreach (var algorithm in options.Algorithms.Except(VerificationKey.AllAlgorithms))
            errors.Add($"{key}:Algorithms", algorithm, $"not accepted; choose among {string.Join(", ", VerificationKey.AllAlgorithms)}");
        if (options.Types.Any(string.IsNullOrWhiteSpace))
            errors.Add($"{key}:Types", "", "name each accepted 'typ', such as at+jwt");
    }

    private static bool CheckKeySource(string key, IssuerOptions options, ConfigurationErrors errors)
    {
        var sources = new[] { options.JwksPath, options.JwksUri, options.MetadataAddress };
        if (sources.Count(source => source is not null) != 1)
        {
            errors.Add(key, null, "needs exactly one of JwksPath, JwksUri and MetadataAddress");
            return false;
        }

        foreach (var (name, address) in new[] { ("JwksUri", options.JwksUri), ("MetadataAddress", options.MetadataAddress) })
        {
            if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && KeyClient.IsAllowed(uri) && uri.UserInfo.Length == 0))
                errors.Add($"{key}:{name}", address, "write an https URL (http only on this machine)");
        }

        return true;
    }

    // The name '<iss>#<value>' can be read in one way only because an issuer has no '#'.
    private static bool IsIssuer(string? issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && KeyClient.IsAllowed(uri) && uri.UserInfo.Length == 0
        && issuer.AsSpan().IndexOfAny('?', '#', ' ') < 0;

    private static FileKeys? ReadKeys(ReadOnlyMemory<byte> json, string key, IssuerOptions options, ConfigurationErrors errors)
    {
        var problems = new List<string>();
        try
        {
            var keys = KeySet.Parse(json, problems);
            foreach (var problem in problems)
                errors.Add(key, options.JwksPath, problem);
            return problems.Count == 0 ? new FileKeys(keys) : null;
        }
        catch (JsonException e)
        {
            errors.Add(key, options.JwksPath, $"it is not a JWK Set ({JsonProblem.WithPlace(e)}); write {{\"keys\": [ … ]}}");
            return null;
        }
        catch (InvalidOperationException)
        {
            errors.Add(key, options.JwksPath, "it is not a JWK Set (a text in it is not Unicode); write {\"keys\": [ … ]}");
            return null;
        }
    }

    private static RemoteKeys RemoteKeys(IssuerOptions options, TimeProvider clock) => options.JwksUri is { } address
        ? new RemoteKeys(new Uri(address), metadataIssuer: null, clock)
        : new RemoteKeys(new Uri(options.MetadataAddress!), options.Issuer, clock);

    private static Issuer Create(string name, IssuerOptions options, KeySource keys, string fingerprint) => new()
    {
        Name = name,
        Rules = new TokenRules
        {
            Method = Refusals.Jwt,
            Issuer = options.Issuer,
            Audience = options.Audience!,
            Types = Types(options).ToFrozenSet(StringComparer.Ordinal),
            IsTypeRequired = true,
            Algorithms = (options.Algorithms.Count == 0 ? VerificationKey.AllAlgorithms : options.Algorithms).ToFrozenSet(StringComparer.Ordinal),
            IsKeyIdRequired = false,
            MaxLifetime = options.MaxLifetime,
            Keys = keys,
        },
        TrustDomains = options.TrustDomains.ToFrozenSet(StringComparer.Ordinal),
        RequiresBoundTokens = options.RequireBoundTokens,
        IsClientTheAgent = options.Agent is not null,
        TaskClaim = options.Claims.Task,
        PurposeClaim = options.Claims.Purpose,
        PolicyClaims = options.PolicyClaims,
        Fingerprint = fingerprint,
    };

    private static IEnumerable<string> Types(IssuerOptions options) =>
        options.Types.Count == 0 ? [TokenRules.AccessToken] : options.Types.Select(type => TokenRules.TypeName(type));
}
