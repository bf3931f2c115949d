using System.Text;
using ToolGateway.Audit;
using ToolGateway.Audit.Verification;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Tests.Audit;

public sealed class RecoveryTests
{
    [Fact]
    public async Task Open_WithATornLastRecord_SetsItAsideAndSaysSo()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(3);
        await log.Log.StopAsync();
        var before = log.Lines();
        var segment = SegmentNames.Segments(log.Directory).Single();
        File.AppendAllText(segment, "{\"v\":1,\"chain\":\"half a rec");
        await log.OpenAsync();
        await log.Log.StopAsync();
        Assert.Equal(before, log.Lines().Take(before.Count));
        Assert.Empty(log.Verify().Faults);
        Assert.Contains("\"torn_bytes\":26", log.Lines("recovery").Single(), StringComparison.Ordinal);
        Assert.Equal("{\"v\":1,\"chain\":\"half a rec", File.ReadAllText(Directory.GetFiles(log.Directory, "torn-*").Single()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("half a record")]
    public async Task Open_WithASegmentThatHoldsNoRecord_GoesOnInTheOneBefore(string content)
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(3);
        await log.Log.StopAsync();
        File.WriteAllText(Path.Combine(log.Directory, SegmentNames.Segment(10)), content);
        await log.OpenAsync();
        await log.CallsAsync(3, from: 3);
        await log.Log.StopAsync();
        Assert.Single(SegmentNames.Segments(log.Directory));
        Assert.Empty(log.Verify().Faults);
        Assert.Equal(content.Length > 0 ? 1 : 0, log.Lines("recovery").Count());
    }

    [Fact]
    public async Task Open_AfterACrash_ClosesCallsWithoutOutcome()
    {
        await using var log = new TestLog(new AuditOptions { SegmentBytes = 4000 });
        await log.OpenAsync();
        for (var i = 0; i < 20; i++)
            Assert.True(await log.Log.DecisionAsync(TestLog.Decision($"open-{i}"), Durability.Synced, default));
        log.Log.Outcome(TestLog.Outcome("open-3"));
        await log.Log.StopAsync();

        // As if killed: the end of the run is not there.
        var segment = SegmentNames.Segments(log.Directory)[^1];
        var lines = File.ReadAllLines(segment);
        File.WriteAllText(segment, string.Concat(lines.Where(line => !line.Contains("\"type\":\"stop\"", StringComparison.Ordinal)).SkipLast(1).Select(line => line + "\n")));
        File.Delete(Path.Combine(log.Directory, SegmentNames.Head));
        await log.OpenAsync();
        await log.Log.StopAsync();
        var recovery = log.Lines("recovery").Single();
        Assert.All(Enumerable.Range(0, 20).Where(i => i != 3), i => Assert.Contains($"\"open-{i}\"", recovery, StringComparison.Ordinal));
        Assert.DoesNotContain("\"open-3\"", recovery, StringComparison.Ordinal);
        Assert.Empty(log.Verify().Faults);

        await log.OpenAsync();
        await log.Log.StopAsync();
        Assert.Single(log.Lines("recovery"));
    }

    [Fact]
    public async Task Open_AfterACrashWithManyCallsOpen_ClosesThemInBoundedRecords()
    {
        await using var crashed = new TestLog(new AuditOptions { SegmentBytes = 500_000 });
        await crashed.OpenAsync();
        for (var i = 0; i < 2300; i++)
            Assert.True(await crashed.Log.DecisionAsync(TestLog.Decision($"open-{i}"), Durability.Written, default));

        // A copy of the files of a running log is what a crash leaves.
        await using var log = new TestLog();
        Directory.CreateDirectory(log.Directory);
        foreach (var file in Directory.GetFiles(crashed.Directory, "audit-*.jsonl"))
            File.Copy(file, Path.Combine(log.Directory, Path.GetFileName(file)));
        foreach (var key in Directory.GetFiles(crashed.Root, "log.*"))
            File.Copy(key, Path.Combine(log.Root, Path.GetFileName(key)));
        await log.OpenAsync();
        await log.Log.StopAsync();
        var closed = log.Lines("recovery").Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("closed").EnumerateArray().Select(id => id.GetString()).ToList()).ToList();
        Assert.Equal([1000, 1000, 300], closed.Select(ids => ids.Count));
        Assert.Equal(2300, closed.SelectMany(ids => ids).Distinct().Count());
        Assert.Empty(log.Verify().Faults);
    }

    [Fact]
    public async Task Open_WithRecordsMissingThatWereSigned_LeavesAGapThatVerifyNames()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(10);
        await log.Log.StopAsync();
        var segment = SegmentNames.Segments(log.Directory).Single();
        File.WriteAllText(segment, string.Concat(File.ReadAllLines(segment).Take(9).Select(line => line + "\n")));
        Assert.Equal(FaultKind.Truncated, Assert.Single(log.Verify().Faults).Kind);
        await log.OpenAsync();
        await log.Log.StopAsync();
        var fault = Assert.Single(log.Verify().Faults);
        Assert.Equal((FaultKind.Missing, 10), (fault.Kind, fault.Seq));
        Assert.Contains("\"missing\":{\"after_seq\":9,", log.Lines("recovery").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OfATakenDirectory_RefusesAfterTheWait()
    {
        await using var log = new TestLog { LockWait = TimeSpan.FromMilliseconds(300) };
        await log.OpenAsync();
        var error = await Assert.ThrowsAsync<AuditStartException>(() => log.Create().OpenAsync(default));
        Assert.Contains("is in use", error.Message, StringComparison.Ordinal);
        await log.Log.StopAsync();
        await log.OpenAsync();
        Assert.True(log.Log.IsAvailable);
    }

    [Fact]
    public async Task Open_WithAKeyFileThatIsNone_SaysWhichAndWhatToDo()
    {
        await using var log = new TestLog(new AuditOptions { SigningKeyPath = "key.pem" });
        File.WriteAllText(Path.Combine(log.Root, "key.pem"), "not a key", Encoding.ASCII);
        var error = await Assert.ThrowsAsync<AuditStartException>(() => log.Create().OpenAsync(default));
        Assert.Contains("key.pem", error.Message, StringComparison.Ordinal);
        Assert.Contains("P-256", error.Message, StringComparison.Ordinal);
    }
}
