using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded.Bundles;

namespace ToolGateway.Tests.Decisions.Embedded.Bundles;

public sealed class PollScheduleTests
{
    private static readonly BundleAnswer Good = new(BundleResults.Unchanged);
    private static readonly BundleAnswer Bad = new(BundleResults.Connection, "no");

    [Theory]
    [InlineData(0, 60)]
    [InlineData(0.5, 90)]
    [InlineData(1, 120)]
    public void Next_Good_IsRandomBetweenTheBounds(double random, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new PollSchedule(new BundleOptions(), () => random).Next(Good, TimeSpan.Zero));

    [Fact]
    public void Next_Failures_DoubleUpToTheLongestAndJitter()
    {
        var schedule = new PollSchedule(new BundleOptions(), static () => 1);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 120, 120], Enumerable.Range(0, 9).Select(_ => schedule.Next(Bad, TimeSpan.Zero).TotalSeconds));
        for (var i = 0; i < 5000; i++)
            Assert.Equal(120, schedule.Next(Bad, TimeSpan.Zero).TotalSeconds);
        schedule.Next(Good, TimeSpan.Zero);
        Assert.Equal(1, schedule.Next(Bad, TimeSpan.Zero).TotalSeconds);
        Assert.Equal(0.5, new PollSchedule(new BundleOptions(), static () => 0).Next(Bad, TimeSpan.Zero).TotalSeconds);
        Assert.Equal(0.1, new PollSchedule(new BundleOptions { MaxDelay = TimeSpan.FromSeconds(0.1) }, static () => 1).Next(Bad, TimeSpan.Zero).TotalSeconds);
    }

    [Theory]
    [InlineData(300, 0)]
    [InlineData(0.25, 0.75)]
    public void Next_LongPoll_AsksAtOnceButNeverInACircle(double elapsed, double wait) =>
        Assert.Equal(wait, new PollSchedule(new BundleOptions(), static () => 1).Next(Good with { IsLongPoll = true }, TimeSpan.FromSeconds(elapsed)).TotalSeconds);
}
