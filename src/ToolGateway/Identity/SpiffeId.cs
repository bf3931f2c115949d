using System.Buffers;

namespace ToolGateway.Identity;

/// <summary>A SPIFFE id in its strict form: lower-case trust domain, a path that names a workload, nothing else.</summary>
internal sealed record SpiffeId(string TrustDomain, string Path)
{
    public const string Prefix = "spiffe://";

    private const int MaxLength = 2048;
    private const int MaxTrustDomainLength = 255;

    private static readonly SearchValues<char> TrustDomainChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");
    private static readonly SearchValues<char> PathChars =
        SearchValues.Create("/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>Reads an id; one without a path is a trust domain's, not a workload's, and not accepted.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SpiffeId? id)
    {
        id = null;
        if (text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var slash = text.IndexOf('/', Prefix.Length);
        if (slash < 0 || !IsTrustDomain(text.AsSpan(Prefix.Length, slash - Prefix.Length)) || !IsPath(text.AsSpan(slash)))
            return false;
        id = new SpiffeId(text[Prefix.Length..slash], text[slash..]);
        return true;
    }

    public static bool IsTrustDomain(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxTrustDomainLength && !name.ContainsAnyExcept(TrustDomainChars);

    public override string ToString() => $"{Prefix}{TrustDomain}{Path}";

    private static bool IsPath(ReadOnlySpan<char> path)
    {
        if (path.ContainsAnyExcept(PathChars))
            return false;
        foreach (var range in path[1..].Split('/'))
        {
            if (path[1..][range] is "" or "." or "..")
                return false;
        }

        return true;
    }
}
