using Microsoft.Extensions.Logging;
using ToolGateway.Audit.Checkpoints;

namespace ToolGateway.Audit.Writing;

/// <summary>What every part of an open log uses.</summary>
internal sealed class AuditContext(
    AuditSettings settings, SegmentStorage storage, SigningKey key, AuditMetrics metrics, TimeProvider time, ILogger logger)
{
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly long _beganAt = time.GetTimestamp();

    public AuditSettings Settings { get; } = settings;

    public SegmentStorage Storage { get; } = storage;

    public SigningKey Key { get; } = key;

    public AuditMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>The time by a clock that does not jump: what is deleted for its age is not deleted because a clock was set wrong.</summary>
    public DateTimeOffset Now() => _began + Time.GetElapsedTime(_beganAt);
}
