using System.Text.Json;
using ToolGateway.Audit.Reading;

namespace ToolGateway.Host.Audit;

/// <summary>Calls of one group, as printed.</summary>
internal sealed record GroupRow(string Name, long Calls, long Denials, long Errors, double P50Milliseconds, double P99Milliseconds);

/// <summary>A credential that was seen in more than one place or task.</summary>
internal sealed record CredentialRow(string Credential, string Agent, long Calls, IReadOnlyCollection<string> Addresses, IReadOnlyCollection<string> Tasks);

/// <summary>What <c>stats</c> prints.</summary>
internal sealed record StatsReport(
    long Calls, DateTimeOffset? First, DateTimeOffset? Last, IReadOnlyList<GroupRow> Agents, IReadOnlyList<GroupRow> Tools, IReadOnlyList<GroupRow> Reasons,
    IReadOnlyList<ReviewedAccess> Access, IReadOnlyList<CredentialRow> SharedCredentials)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static StatsReport Of(LogStatistics log, IReadOnlyList<ReviewedAccess> review) => new(
        log.Calls,
        log.First,
        log.Last,
        Rows(log.ByAgent),
        Rows(log.ByTool),
        Rows(log.ByReason),
        review.Count > 0 ? review : Used(log),
        [.. log.Credentials.Where(entry => entry.Value.IsShared).OrderByDescending(entry => entry.Value.Addresses.Count).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new CredentialRow(entry.Key, entry.Value.Who, entry.Value.Calls, entry.Value.Addresses, entry.Value.Tasks))]);

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, Options));

    private static List<GroupRow> Rows(Dictionary<string, GroupStatistics> groups) =>
        [.. groups.OrderByDescending(entry => entry.Value.Calls).ThenBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new GroupRow(
            entry.Key, entry.Value.Calls, entry.Value.Denials, entry.Value.Errors, entry.Value.P50.TotalMilliseconds, entry.Value.P99.TotalMilliseconds))];

    /// <summary>Without a configuration nobody knows what might have been attempted.</summary>
    private static List<ReviewedAccess> Used(LogStatistics log) =>
        [.. log.Used.OrderBy(entry => entry.Key).Select(entry => new ReviewedAccess(entry.Key.Agent, entry.Key.Tool, entry.Key.Action, true, entry.Value.Count, entry.Value.Last))];
}
