using System.Diagnostics;

namespace ToolGateway.Faults;

/// <summary>Runs one fault and checks what must hold whatever happens.</summary>
internal static class Runner
{
    /// <summary>What an answer may take beyond the limits of the configuration, besides what this process was kept from running.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    public static async Task<Result> RunAsync(Fault fault, string? opa)
    {
        var started = Stopwatch.GetTimestamp();
        await using var site = await Site.PrepareAsync(fault, opa);
        fault.Attach?.Invoke(site);
        await site.StartGatewayAsync();
        if (fault.HasBackground)
            await site.StartCallersAsync();
        await fault.Run(site);
        await site.RecoverAsync();
        await site.StopGatewayAsync();
        var log = LogReading.Read(site.Fixture.AuditDirectory);
        var answers = site.Answers.All;
        var slowest = site.Measured is { } measured ? TimeSpan.FromMicroseconds(measured.Latencies.Quantile(1)) : answers.Select(answer => answer.Took).DefaultIfEmpty().Max();
        var slack = Slack + site.Stall.Longest;
        var seen = site.Tool.Seen;
        List<string> violations = [.. site.Violations, .. log.Violations, .. Unrecorded(seen, log), .. Wrong(answers)];
        if (slowest > fault.Limit + slack)
            violations.Add($"an answer took {slowest.TotalSeconds:0.00} s; the limit is {fault.Limit.TotalSeconds:0.00} s, the slack {slack.TotalSeconds:0.00} s");
        return new Result(
            fault.Name, fault.What, Counts(site), slowest.TotalMilliseconds, fault.Limit.TotalMilliseconds, slack.TotalMilliseconds, seen.Values.Sum(), log.ToString(),
            site.Recovery?.TotalMilliseconds, site.Notes, violations, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static SortedDictionary<string, SortedDictionary<string, int>> Counts(Site site)
    {
        var counts = site.Answers.Counts();
        if (site.Measured is { } measured)
            counts[Caller.Allowed] = new(StringComparer.Ordinal) { ["200"] = (int)(measured.Latencies.Count - measured.Errors) };
        return counts;
    }

    /// <summary>Nothing reaches the tool without a recorded allow, or more often than it was allowed.</summary>
    private static IEnumerable<string> Unrecorded(IReadOnlyDictionary<int, int> seen, LogReading log)
    {
        var more = seen.Where(call => call.Value > log.AllowedIds.GetValueOrDefault(call.Key)).ToList();
        if (more.Count > 0)
            yield return $"{more.Count} calls reached the tool without a recorded allow, such as number {more[0].Key}";
    }

    private static IEnumerable<string> Wrong(IReadOnlyList<Answer> answers)
    {
        if (answers.Count(answer => answer is { Kind: Caller.Denied, Label: "200" }) is > 0 and var passed)
            yield return $"{passed} calls that the policy denies were answered by the tool";
        if (answers.Count(answer => answer.Label.StartsWith("500", StringComparison.Ordinal)) is > 0 and var failed)
            yield return $"{failed} calls failed inside the gateway";
        if (answers.Count(answer => answer.Label == "no answer") is > 0 and var forgotten)
            yield return $"{forgotten} calls were never answered";
    }
}
