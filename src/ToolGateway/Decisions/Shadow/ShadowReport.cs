using System.Text.Json;

namespace ToolGateway.Decisions.Shadow;

/// <summary>What <c>/shadow</c> serves and <c>toolgateway policy diff</c> prints.</summary>
/// <param name="Revision">Revision of the candidate; null while it is not known.</param>
/// <param name="Since">When comparing with this candidate began; null while there is none.</param>
/// <param name="Errors">Why the candidate's last change was refused; the last good one stays.</param>
/// <param name="PolicyRevision">Revision of the embedded policy in effect.</param>
internal sealed record ShadowReport(
    string Engine,
    string? Revision,
    DateTimeOffset? Since,
    IReadOnlyList<string> Errors,
    string? PolicyRevision,
    long Same,
    long Different,
    long Unavailable,
    long Dropped,
    long Waiting,
    long Unlisted,
    IReadOnlyList<Difference> Differences)
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };
}
