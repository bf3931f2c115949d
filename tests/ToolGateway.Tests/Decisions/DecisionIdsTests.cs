using System.Collections.Concurrent;
using ToolGateway.Decisions;

namespace ToolGateway.Tests.Decisions;

public sealed class DecisionIdsTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 5, 16, 51, 123, TimeSpan.Zero);

    [Fact]
    public void New_IsAVersion7UuidOfItsTime()
    {
        var id = DecisionIds.New(Time);

        var uuid = Guid.ParseExact(id, "N");
        Assert.Equal((7, 8), (uuid.Version, uuid.Variant & 0xc));
        Assert.Equal(Time.ToUnixTimeMilliseconds(), Convert.ToInt64(id[..12], 16));
        Assert.Equal(id, id.ToLowerInvariant());
    }

    [Fact]
    public void New_OnSeveralThreads_NeverGivesTheSameTwice()
    {
        var ids = new ConcurrentBag<string>();
        Parallel.For(0, 20_000, _ => ids.Add(DecisionIds.New(Time)));

        Assert.Equal(20_000, ids.Distinct().Count());
    }
}
