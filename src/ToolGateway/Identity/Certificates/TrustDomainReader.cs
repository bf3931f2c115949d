using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using ToolGateway.Hosting;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Identity.Certificates;

/// <summary>Makes a trust domain of its options and bundle, or notes what is wrong.</summary>
internal static class TrustDomainReader
{
    public static TrustDomain? Read(string name, TrustDomainOptions options, FileSet files, ConfigurationErrors errors, TrustDomain? previous)
    {
        var key = $"Identity:TrustDomains:{name}";
        if (!SpiffeId.IsTrustDomain(name))
            errors.Add(key, name, "a trust domain is made of a-z, 0-9, '.', '-' and '_'");
        if (options.MaxLifetime <= TimeSpan.Zero)
            errors.Add($"{key}:MaxLifetime", options.MaxLifetime.ToString(), "write a positive time, such as 1.00:00:00");
        if (options.Audience is { } audience && string.IsNullOrWhiteSpace(audience))
            errors.Add($"{key}:Audience", audience, "name the audience of JWT-SVIDs, or leave the key away to accept none");
        if (string.IsNullOrWhiteSpace(options.BundlePath))
        {
            errors.Add($"{key}:BundlePath", options.BundlePath, "missing; give the path of a SPIFFE bundle or of PEM certificates");
            return null;
        }

        return files.Read(options.BundlePath, $"{key}:BundlePath", errors) is { } content ? Read(name, options, content, errors, previous) : null;
    }

    private static TrustDomain? Read(string name, TrustDomainOptions options, ReadOnlyMemory<byte> content, ConfigurationErrors errors, TrustDomain? previous)
    {
        var fingerprint = $"{Convert.ToHexString(SHA256.HashData(content.Span))} {JsonSerializer.Serialize(options)}";
        if (previous?.Fingerprint == fingerprint)
            return previous;
        var key = $"Identity:TrustDomains:{name}:BundlePath";
        if (TrustBundle.Read(content, out var problem) is not { } bundle)
        {
            errors.Add(key, options.BundlePath, problem);
            return null;
        }

        if (previous?.Sequence is { } last && bundle.Sequence < last)
        {
            errors.Add(key, options.BundlePath, $"spiffe_sequence went back from {last} to {bundle.Sequence}; publish the bundle with a number above {last}");
            return null;
        }

        return new TrustDomain
        {
            Name = name,
            Authorities = bundle.Authorities,
            MaxLifetime = options.MaxLifetime,
            Tokens = options.Audience is { } audience ? TokenRules(audience, options.MaxLifetime, bundle.TokenKeys) : null,
            Sequence = bundle.Sequence ?? previous?.Sequence,
            Fingerprint = fingerprint,
        };
    }

    private static TokenRules TokenRules(string audience, TimeSpan maxLifetime, KeySet keys) => new()
    {
        Method = Refusals.JwtSvid,
        Audience = audience,
        Types = FrozenSet.Create(StringComparer.Ordinal, "jwt", "jose"),
        IsTypeRequired = false,
        Algorithms = VerificationKey.AllAlgorithms.ToFrozenSet(StringComparer.Ordinal),
        IsKeyIdRequired = true,
        MaxLifetime = maxLifetime,
        Keys = new FileKeys(keys),
    };
}
