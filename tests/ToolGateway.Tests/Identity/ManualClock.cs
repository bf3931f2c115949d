namespace ToolGateway.Tests.Identity;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks = System.GetUtcNow().Ticks;
    private long _advanced;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _advanced)).TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref _advanced, by.Ticks);
        SetWall(by);
    }

    /// <summary>Somebody sets the clock: no time goes by.</summary>
    public void SetWall(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
