using ToolGateway.Audit;
using ToolGateway.Audit.Verification;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Tests.Audit;

public sealed class RetentionTests
{
    [Fact]
    public async Task Rotate_WithSegmentsPastTheirRetention_PrunesThemAndVerifyStillHolds()
    {
        var clock = new SettableClock { Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        await using var log = new TestLog(new AuditOptions { SegmentBytes = 10_000, Retention = TimeSpan.FromDays(30), CheckpointExportPath = "anchors" }) { Time = clock };
        await log.OpenAsync();
        await log.CallsAsync(40);
        await log.Log.StopAsync();
        var old = SegmentNames.Segments(log.Directory);
        var lastOfOld = log.Lines()[^1];
        Assert.True(old.Count >= 4);

        clock.Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        await log.OpenAsync();
        await log.CallsAsync(40, from: 40);
        await log.Log.StopAsync();
        var kept = SegmentNames.Segments(log.Directory);
        Assert.DoesNotContain(old[0], kept);
        Assert.Contains(old[^1], kept);
        Assert.Contains(lastOfOld, log.Lines());
        var report = log.Verify();
        Assert.Empty(report.Faults);
        Assert.True(report.FirstSeq > 1);
        var pruned = log.Lines("pruned").ToList();
        Assert.Equal(old.Count - 1, pruned.Count);
        Assert.Contains("\"segment\":\"audit-000000000001.jsonl\",\"first_seq\":1,\"last_seq\":", pruned[0], StringComparison.Ordinal);

        // Removing one segment more than was pruned is not covered by the record.
        File.Delete(kept[0]);
        Assert.Equal(FaultKind.Missing, log.Verify().Faults[0].Kind);
    }

    [Fact]
    public async Task Rotate_WithASegmentThatCannotBeRead_PrunesNothingAndGoesOn()
    {
        var clock = new SettableClock { Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        await using var log = new TestLog(new AuditOptions { SegmentBytes = 10_000, Retention = TimeSpan.FromDays(30) }) { Time = clock };
        await log.OpenAsync();
        // Somebody who takes segments away while the log looks for old ones.
        File.CreateSymbolicLink(Path.Combine(log.Directory, "audit-000000000002.jsonl"), Path.Combine(log.Directory, "gone"));

        await log.CallsAsync(40);

        Assert.True(log.Log.IsAvailable);
        Assert.True(await log.Log.ChangeAsync(new ChangeRecord("policy", null, "p", "reload"), default));
        File.Delete(Path.Combine(log.Directory, "audit-000000000002.jsonl"));
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
        Assert.Empty(log.Lines("pruned"));
    }

    [Fact]
    public async Task Log_UnderClockJumps_KeepsItsOrderChainAndSegments()
    {
        var clock = new SettableClock { Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero) };
        await using var log = new TestLog(new AuditOptions { SegmentBytes = 10_000, Retention = TimeSpan.FromDays(30) }) { Time = clock };
        await log.OpenAsync();
        await log.CallsAsync(30);
        foreach (var jump in new DateTimeOffset[]
        {
            new(2038, 1, 19, 3, 14, 7, TimeSpan.Zero), new(2038, 1, 19, 3, 14, 9, TimeSpan.Zero), new(2016, 12, 31, 23, 59, 59, 999, TimeSpan.Zero), new(2199, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 22, 0, 0, 1, TimeSpan.Zero),
        })
        {
            clock.Now = jump;
            await log.CallsAsync(15, from: (int)(jump.Ticks % 1_000_000));
            Assert.True(await log.Log.ChangeAsync(new ChangeRecord("policy", null, "p", "reload"), default));
        }

        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
        Assert.Equal(1, log.Verify().FirstSeq);
        Assert.Empty(log.Lines("pruned"));
        Assert.Contains(log.Lines("change"), line => line.Contains("\"time\":\"2038-01-19T03:14:07.000000Z\"", StringComparison.Ordinal));
        await log.OpenAsync();
        Assert.Empty(log.Verify().Faults);
    }

    [Fact]
    public async Task Segments_PastTheirAge_AreFollowedByTheNext()
    {
        await using var log = new TestLog(new AuditOptions { SegmentAge = TimeSpan.FromMilliseconds(300), CheckpointInterval = TimeSpan.FromMilliseconds(200) });
        await log.OpenAsync();
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("open"), Durability.Written, default));
        for (var deadline = Environment.TickCount64 + 10_000; SegmentNames.Segments(log.Directory).Count < 2 && Environment.TickCount64 < deadline;)
            await Task.Delay(20);
        await log.Log.StopAsync();
        var second = File.ReadLines(SegmentNames.Segments(log.Directory)[1]).First();
        Assert.Contains("\"type\":\"checkpoint\"", second, StringComparison.Ordinal);
        Assert.EndsWith("\"open\":[\"open\"],\"prev\"", second[..(second.IndexOf("\"prev\"", StringComparison.Ordinal) + 6)], StringComparison.Ordinal);
        Assert.Empty(log.Verify().Faults);
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
