using System.Globalization;
using System.Numerics;

namespace ToolGateway.Decisions.Embedded;

/// <summary>
/// Tells whether a bundle is older than the one in use: whoever can replace the file, but not sign, could otherwise bring back a policy with a hole that was closed.
/// </summary>
internal static class BundleOrder
{
    /// <summary>Why <paramref name="next"/> may not follow <paramref name="current"/>, with the repair, or null.</summary>
    public static string? WhyRefused(PolicyBundle? current, PolicyBundle next, EmbeddedOptions options) =>
        options.AllowRollback || current is null || WhyOlder(current, next) is not { } reason
            ? null
            : $"{reason}; bring back the newer bundle, or set Decisions:Embedded:AllowRollback while you go back on purpose";

    /// <summary>Why <paramref name="next"/> counts as older, or null. Only signed bundles of the same place are compared; anyone can date an unsigned one.</summary>
    private static string? WhyOlder(PolicyBundle current, PolicyBundle next)
    {
        if (current.Path != next.Path || current.Content.Signature is not { } signed || next.Content.Signature is not { } candidate)
            return null;
        if (signed.IssuedAt is { } then && candidate.IssuedAt is { } time && time != then)
            return time < then ? $"signed {Shown(time)}, before the bundle in use ({current.Revision}, signed {Shown(then)})" : null;
        if (CompareRevisions(next.Revision, current.Revision) is { } order)
            return order < 0 ? $"its revision {next.Revision} is before that of the bundle in use ({current.Revision})" : null;
        return signed.IssuedAt is not null && candidate.IssuedAt is null
            ? $"its signature states no time (iat), unlike that of the bundle in use ({current.Revision}), so it may be older"
            : null;
    }

    /// <summary>The order of two revisions, where they have one: numbers with or without dots (<c>42</c>, <c>v1.10.0</c>, <c>20260131</c>), or times in ISO 8601.</summary>
    private static int? CompareRevisions(string left, string right)
    {
        if (Numbers(left) is { } a && Numbers(right) is { } b)
            return Enumerable.Range(0, Math.Max(a.Length, b.Length)).Select(i => a.ElementAtOrDefault(i).CompareTo(b.ElementAtOrDefault(i))).FirstOrDefault(order => order != 0);
        return Time(left) is { } earlier && Time(right) is { } later ? earlier.CompareTo(later) : null;
    }

    private static BigInteger[]? Numbers(string revision)
    {
        var parts = (revision.StartsWith('v') ? revision[1..] : revision).Split('.');
        return Array.TrueForAll(parts, part => part is { Length: > 0 and <= 32 } && part.All(char.IsAsciiDigit))
            ? Array.ConvertAll(parts, part => BigInteger.Parse(part, CultureInfo.InvariantCulture))
            : null;
    }

    private static DateTimeOffset? Time(string revision) =>
        DateTimeOffset.TryParseExact(revision, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string Shown(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
