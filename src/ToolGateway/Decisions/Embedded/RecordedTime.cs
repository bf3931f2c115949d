namespace ToolGateway.Decisions.Embedded;

/// <summary>The clock of an evaluation that comes later than its question: the policy sees the question's time, limits are measured as ever.</summary>
internal sealed class RecordedTime(DateTimeOffset time) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => time;
}
