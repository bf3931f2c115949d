using System.Diagnostics;
using ToolGateway.Audit;
using ToolGateway.Audit.Writing;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Audit;

public sealed class FailingDiskTests
{
    [Fact]
    public async Task DecisionAsync_OnAFullDisk_IsRefusedUntilThereIsRoom()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog { Storage = storage };
        await log.OpenAsync();
        await log.CallsAsync(10);
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("in-flight"), Durability.Written, default));
        storage.Room = 700;
        Assert.False(await log.Log.DecisionAsync(TestLog.Decision("blocked-1"), Durability.Written, default));
        Assert.False(log.Log.IsAvailable);
        Assert.False(await log.Log.DecisionAsync(TestLog.Decision("blocked-2"), Durability.Synced, default));
        Assert.False(await log.Log.ChangeAsync(new ChangeRecord("policy", "a", "b", "reload"), default));
        log.Log.Outcome(TestLog.Outcome("in-flight"));

        storage.Room = long.MaxValue;
        await TestLog.UntilAsync(() => log.Log.IsAvailable);
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("after"), Durability.Written, default));
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
        var lines = string.Join('\n', log.Lines());
        Assert.DoesNotContain("blocked-", lines, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"outcome\",\"decision_id\":\"in-flight\"", lines, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"audit_unavailable\",\"count\":", log.Lines("suppressed").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DecisionAsync_OnADiskThatCannotEvenTruncate_RecoversWhenItCan()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog { Storage = storage };
        await log.OpenAsync();
        (storage.Room, storage.RepairFails) = (100, true);
        Assert.False(await log.Log.DecisionAsync(TestLog.Decision("blocked"), Durability.Written, default));
        storage.Room = long.MaxValue;
        await Task.Delay(400);
        Assert.False(log.Log.IsAvailable);
        storage.RepairFails = false;
        await TestLog.UntilAsync(() => log.Log.IsAvailable);
        await log.CallsAsync(3);
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
    }

    [Fact]
    public async Task DecisionAsync_OnAReadOnlyRemount_IsRefusedUntilItIsWritable()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog { Storage = storage };
        await log.OpenAsync();
        await log.CallsAsync(3);
        storage.IsReadOnly = true;
        Assert.False(await log.Log.DecisionAsync(TestLog.Decision("blocked"), Durability.Written, default));
        Assert.False(await log.Log.DecisionAsync(TestLog.Decision("blocked"), Durability.Synced, default));
        Assert.False(log.Log.IsAvailable);
        storage.IsReadOnly = false;
        await TestLog.UntilAsync(() => log.Log.IsAvailable);
        await log.CallsAsync(3, from: 3);
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
        Assert.Equal(6, log.Lines("outcome").Count());
    }

    [Fact]
    public async Task StopAsync_OnADiskThatDoesNotWrite_EndsAndAnswersEveryWait()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog { Storage = storage };
        await log.OpenAsync();
        await log.CallsAsync(3);
        storage.IsReadOnly = true;
        var waits = Enumerable.Range(0, 20).Select(i => log.Log.DecisionAsync(TestLog.Decision($"w-{i}"), Durability.Synced, default).AsTask()).ToList();
        await log.Log.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.All(await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(5)), Assert.False);
        storage.IsReadOnly = false;
        await log.OpenAsync();
        await log.Log.StopAsync();
        Assert.Single(log.Lines("recovery"));
        Assert.Empty(log.Verify().Faults);
    }

    [Fact]
    public async Task DecisionAsync_OnADiskThatHangs_IsRefusedInTimeAndClosedWhenItWasWritten()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog(new AuditOptions { Timeout = TimeSpan.FromMilliseconds(100) }) { Storage = storage };
        await log.OpenAsync();
        storage.Answers.Reset();

        // The record of the first is in the write that hangs; neither that call nor one behind it may wait longer than the timeout.
        var writing = log.Log.DecisionAsync(TestLog.Decision("writing"), Durability.Written, default).AsTask();
        await TestLog.UntilAsync(() => storage.Writes >= 2);
        var waits = Enumerable.Range(0, 20).Select(i => log.Log.DecisionAsync(TestLog.Decision($"late-{i}"), Durability.Written, default).AsTask()).ToList();
        Assert.False(await writing.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.All(await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(5)), Assert.False);
        Assert.False(log.Log.IsAvailable);
        storage.Answers.Set();
        await TestLog.UntilAsync(() => log.Log.IsAvailable);
        await log.CallsAsync(2);
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);

        // Whatever stands in the log as decided has an outcome that says it was blocked.
        var outcomes = log.Lines("outcome").ToList();
        Assert.Contains(outcomes, line => line.Contains("\"decision_id\":\"writing\"", StringComparison.Ordinal));
        Assert.All(
            log.Lines("decision").Where(line => line.Contains("\"late-", StringComparison.Ordinal) || line.Contains("\"writing\"", StringComparison.Ordinal)),
            line => Assert.Contains(outcomes, outcome => outcome.Contains(Id(line), StringComparison.Ordinal)
                && outcome.Contains("\"status\":503", StringComparison.Ordinal) && outcome.Contains("\"ended\":\"blocked\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DecisionAsync_WhenSyncIsSlow_DelaysOnlyTheSyncedOnesAndGroupsThem()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog(new AuditOptions { Timeout = TimeSpan.FromMinutes(1) }) { Storage = storage };
        await log.OpenAsync();
        storage.Flushes.Reset();
        var before = storage.Syncs;
        var synced = Enumerable.Range(0, 50).Select(i => log.Log.DecisionAsync(TestLog.Decision($"s-{i}"), Durability.Synced, default).AsTask()).ToList();
        await log.CallsAsync(50);
        Assert.DoesNotContain(synced, static wait => wait.IsCompleted);
        storage.Flushes.Set();
        Assert.All(await Task.WhenAll(synced), Assert.True);
        Assert.InRange(storage.Syncs - before, 1, 5);
    }

    [Fact]
    public async Task DecisionAsync_WhenSyncFails_IsRefusedAndTheLogGoesOnInANewSegment()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog { Storage = storage };
        await log.OpenAsync();
        await log.CallsAsync(3);
        storage.SyncFails = true;
        Assert.False(await log.Log.DecisionAsync(TestLog.Decision("not-on-disk"), Durability.Synced, default));
        storage.SyncFails = false;
        await TestLog.UntilAsync(() => log.Log.IsAvailable);
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("on-disk"), Durability.Synced, default));
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
        Assert.Equal(2, SegmentNames.Segments(log.Directory).Count);
        Assert.Contains(log.Lines("outcome"), line => line.Contains("not-on-disk", StringComparison.Ordinal) && line.Contains("audit_unavailable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DecisionAsync_WithTheQueueFull_IsRefusedAtOnce()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog(new AuditOptions { QueueLimit = 10, Timeout = TimeSpan.FromSeconds(5) }) { Storage = storage };
        await log.OpenAsync();
        storage.WriteDelay = TimeSpan.FromMilliseconds(300);
        var writing = Task.Run(async () => await log.Log.DecisionAsync(TestLog.Decision("writing"), Durability.Written, default));
        await TestLog.UntilAsync(() => storage.Writes >= 2);
        var waits = Enumerable.Range(0, 30).Select(i => log.Log.DecisionAsync(TestLog.Decision($"q-{i}"), Durability.Written, default).AsTask()).ToList();
        Assert.True(waits.Count(wait => wait.IsCompleted && !wait.Result) >= 20 - 10);
        storage.WriteDelay = TimeSpan.Zero;
        var results = await Task.WhenAll(waits);
        Assert.True(await writing);
        Assert.InRange(results.Count(taken => taken), 10, 20);
    }

    [Fact]
    public async Task Unidentified_AsAFlood_NeitherDelaysNorBlocksIdentifiedCalls()
    {
        await using var log = new TestLog(new AuditOptions { UnauthenticatedPerSecond = 20 });
        await log.OpenAsync();
        using var stop = new CancellationTokenSource();
        var flood = Task.Run(() =>
        {
            var sent = 0;
            for (; !stop.IsCancellationRequested; sent++)
            {
                var decision = TestLog.Decision($"u-{sent}", false, "credential_missing") with { Caller = null, Call = null, RemoteAddress = $"10.1.{sent / 250 % 250}.{sent % 250}" };
                log.Log.Unidentified(decision, TestLog.Outcome($"u-{sent}", 401, "blocked"));
            }

            return sent;
        });
        var started = Stopwatch.GetTimestamp();
        await log.CallsAsync(300);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await Task.Delay(1200);
        await stop.CancelAsync();
        var sent = await flood;
        await log.Log.StopAsync();
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed}");
        Assert.Empty(log.Verify().Faults);
        var recorded = log.Lines("decision").Count(line => line.Contains("\"u-", StringComparison.Ordinal));
        Assert.InRange(recorded, 20, 20 * 6);
        Assert.Equal(300, log.Lines("decision").Count() - recorded);
        var suppressed = log.Lines("suppressed").ToList();
        Assert.Equal(sent - recorded, suppressed.Sum(Count));
        Assert.All(suppressed, line => Assert.True(line.Length < 2000));
        Assert.Contains("\"more_sources\":true", suppressed[0], StringComparison.Ordinal);
    }

    private static int Count(string line) =>
        System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("counts").EnumerateArray().Sum(count => count.GetProperty("count").GetInt32());

    private static string Id(string line) => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("decision_id").GetString()!;
}
