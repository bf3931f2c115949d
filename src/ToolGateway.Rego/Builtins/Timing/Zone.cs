using System.Collections.Concurrent;

namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>How far local time is ahead of UTC, and what that is called; null where the platform does not tell.</summary>
internal readonly record struct ZoneOffset(int Seconds, string? Name);

/// <summary>A time zone.</summary>
internal abstract class Zone
{
    private const int MaxCached = 1024;
    private static readonly ConcurrentDictionary<string, Zone> Cache = new(StringComparer.Ordinal);

    public static Zone Utc { get; } = new FixedZone(new ZoneOffset(0, "UTC"));

    public abstract ZoneOffset At(long unixSeconds);

    /// <summary>Seconds since 1970 of <paramref name="local"/>, seconds on this zone's clocks; where clocks jump the answer is the one that Go gives.</summary>
    public long ToUtc(long local)
    {
        var guess = At(local).Seconds;
        return guess == 0 ? local : local - At(local - guess).Seconds;
    }

    public static Zone? Find(string name)
    {
        if (name is "" or "UTC")
            return Utc;
        if (Cache.TryGetValue(name, out var known))
            return known;
        if (Load(name) is not { } zone)
            return null;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache[name] = zone;
    }

    private static Zone? Load(string name)
    {
        if (name == "Local")
            return new SystemZone(TimeZoneInfo.Local);
        // Names are paths below the zone database, and come from policies and input.
        if (name.Length > 64 || !name.All(IsNameCharacter) || name.StartsWith('/') || name.Contains("..", StringComparison.Ordinal))
            return null;
        if (ZoneFile.Read(name) is { } file)
            return file;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? new SystemZone(zone) : null;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+';

    private sealed class FixedZone(ZoneOffset offset) : Zone
    {
        public override ZoneOffset At(long unixSeconds) => offset;
    }

    /// <summary>A zone as the platform knows it: whole minutes, and no abbreviations.</summary>
    private sealed class SystemZone(TimeZoneInfo zone) : Zone
    {
        public override ZoneOffset At(long unixSeconds)
        {
            var offset = (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(unixSeconds)).TotalSeconds;
            return new(offset, offset == 0 && zone.BaseUtcOffset == TimeSpan.Zero ? "UTC" : null);
        }
    }
}
