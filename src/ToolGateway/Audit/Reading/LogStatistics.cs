using System.Runtime.InteropServices;

namespace ToolGateway.Audit.Reading;

/// <summary>Sums over the calls of a log: by agent, tool and reason, what was used, and where credentials were seen. What callers can make up is bounded.</summary>
internal sealed class LogStatistics
{
    private const int MaxKeys = 10_000;
    private const int MaxSeen = 16;
    private const string Other = "_other";

    public Dictionary<string, GroupStatistics> ByAgent { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, GroupStatistics> ByTool { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, GroupStatistics> ByReason { get; } = new(StringComparer.Ordinal);

    /// <summary>Allowed calls by agent, tool and action.</summary>
    public Dictionary<(string Agent, string Tool, string Action), Usage> Used { get; } = [];

    public Dictionary<string, CredentialUse> Credentials { get; } = new(StringComparer.Ordinal);

    public long Calls { get; private set; }

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    public void Add(CallRow call, OutcomeRow? outcome)
    {
        Calls++;
        First = First is { } first && first < call.Time ? first : call.Time;
        Last = Last is { } last && last > call.Time ? last : call.Time;
        Group(ByAgent, call.Who).Add(call, outcome);
        Group(ByTool, call.Tool ?? "(none)").Add(call, outcome);
        foreach (var reason in call.Reasons)
            Group(ByReason, reason).Add(call, outcome);
        if (call is { Outcome: "allow", Tool: { } tool, Action: { } action })
            Use((call.Who, tool, action), call.Time);
        if (call.Credential is { } credential && (Credentials.Count < MaxKeys || Credentials.ContainsKey(credential)))
            (CollectionsMarshal.GetValueRefOrAddDefault(Credentials, credential, out _) ??= new CredentialUse(call.Who)).Add(call, MaxSeen);
    }

    private void Use((string Agent, string Tool, string Action) key, DateTimeOffset time)
    {
        if (Used.Count >= MaxKeys && !Used.ContainsKey(key))
            return;
        var known = Used.GetValueOrDefault(key);
        Used[key] = new Usage(known.Count + 1, known.Last > time ? known.Last : time);
    }

    private static GroupStatistics Group(Dictionary<string, GroupStatistics> groups, string key)
    {
        if (groups.Count >= MaxKeys && !groups.ContainsKey(key))
            key = Other;
        return CollectionsMarshal.GetValueRefOrAddDefault(groups, key, out _) ??= new GroupStatistics();
    }
}

/// <summary>Calls of one agent, tool or reason.</summary>
internal sealed class GroupStatistics
{
    private readonly LatencyHistogram _durations = new();

    public long Calls { get; private set; }

    public long Denials { get; private set; }

    public long Errors { get; private set; }

    public TimeSpan P50 => TimeSpan.FromMicroseconds(_durations.Percentile(0.50));

    public TimeSpan P99 => TimeSpan.FromMicroseconds(_durations.Percentile(0.99));

    public void Add(CallRow call, OutcomeRow? outcome)
    {
        Calls++;
        Denials += call.Outcome == "deny" ? 1 : 0;
        Errors += call.Outcome == "error" ? 1 : 0;
        if (outcome is not null)
            _durations.Add(outcome.DurationMicroseconds);
    }
}

/// <summary>How often something was used and when last.</summary>
internal readonly record struct Usage(long Count, DateTimeOffset Last);

/// <summary>Where one credential was seen.</summary>
internal sealed class CredentialUse(string who)
{
    public string Who { get; } = who;

    public SortedSet<string> Addresses { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Tasks { get; } = new(StringComparer.Ordinal);

    public long Calls { get; private set; }

    public bool IsShared => Addresses.Count > 1 || Tasks.Count > 1;

    public void Add(CallRow call, int limit)
    {
        Calls++;
        if (call.RemoteAddress is { } address && Addresses.Count < limit)
            Addresses.Add(address);
        if (call.Task is { } task && Tasks.Count < limit)
            Tasks.Add(task);
    }
}
