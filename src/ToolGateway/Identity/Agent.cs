namespace ToolGateway.Identity;

/// <summary>A registered agent of one snapshot.</summary>
internal sealed record Agent(
    string Name, string Owner, string? Environment, string? Tenant, bool Enabled, DateTimeOffset? ExpiresAt, DateOnly? ReviewBy, IReadOnlyList<string> Identities)
{
    public bool IsActive(DateTimeOffset now) => Enabled && (ExpiresAt is not { } end || now < end);

    public bool IsReviewOverdue(DateTimeOffset now) => ReviewBy is { } date && DateOnly.FromDateTime(now.UtcDateTime) > date;
}
