using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ToolGateway.Audit;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Tests.Audit;

public sealed class AuditLogTests
{
    [Fact]
    public async Task Line_OfEveryRecord_IsTheFormatOfTheDesign()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(3);
        await log.Log.StopAsync();
        var prev = new string('0', 64);
        var seq = 0;
        foreach (var line in log.Lines())
        {
            var cut = line.LastIndexOf(",\"hash\":\"", StringComparison.Ordinal);
            var hashed = line[..cut];
            Assert.EndsWith($",\"prev\":\"{prev}\"", hashed, StringComparison.Ordinal);
            prev = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hashed)));
            Assert.Equal($",\"hash\":\"{prev}\"}}", line[cut..]);
            using var json = JsonDocument.Parse(line);
            Assert.Equal(1, json.RootElement.GetProperty("v").GetInt32());
            Assert.Equal(32, json.RootElement.GetProperty("chain").GetString()!.Length);
            Assert.Equal(++seq, json.RootElement.GetProperty("seq").GetInt64());
        }

        Assert.Equal(["start", "decision", "outcome", "decision", "outcome", "decision", "outcome", "stop", "checkpoint"], log.Lines().Select(Type));
    }

    [Fact]
    public async Task Decision_OfAnIdentifiedCall_HoldsEveryMember()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("d-1", allow: false), Durability.Synced, default));
        using var json = JsonDocument.Parse(log.Lines("decision").Single());
        var root = json.RootElement;
        Assert.Equal("gw-1", root.GetProperty("instance").GetString());
        Assert.Equal("d-1", root.GetProperty("decision_id").GetString());
        Assert.Equal("2026-11-22T05:16:51.000000Z", root.GetProperty("time").GetString());
        Assert.Equal("support", root.GetProperty("subject").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("delegation").ValueKind);
        Assert.Equal("mtls", root.GetProperty("credential").GetProperty("method").GetString());
        Assert.Equal("refunds.create", root.GetProperty("action").GetProperty("name").GetString());
        Assert.Equal("high", root.GetProperty("action").GetProperty("risk").GetString());
        Assert.Equal("crm", root.GetProperty("resource").GetProperty("id").GetString());
        Assert.Equal("T-1", root.GetProperty("intent").GetProperty("task").GetString());
        Assert.StartsWith("hmac-sha-256:", root.GetProperty("arguments_digest").GetString(), StringComparison.Ordinal);
        Assert.Equal("crm-token", root.GetProperty("upstream_credential").GetString());
        Assert.False(root.GetProperty("allow").GetBoolean());
        Assert.Equal("amount_over_limit", root.GetProperty("reasons")[0].GetString());
        Assert.Equal("embedded", root.GetProperty("engine").GetString());
        Assert.Equal("p1", root.GetProperty("policy_revision").GetString());
        Assert.Equal("c1", root.GetProperty("configuration_revision").GetString());
        Assert.Equal(212, root.GetProperty("duration_us").GetInt64());
        Assert.False(root.TryGetProperty("arguments", out _));
    }

    [Fact]
    public async Task DecisionAsync_WhenItReturns_IsInTheFile()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.True(await log.Log.DecisionAsync(TestLog.Decision($"d-{i}"), i % 2 == 0 ? Durability.Written : Durability.Synced, default));
            Assert.Contains($"\"decision_id\":\"d-{i}\"", log.Lines("decision").Last(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Calls_FromManyThreads_AreAllThereInOneChain()
    {
        await using var log = new TestLog(new AuditOptions { CheckpointRecords = 500 });
        await log.OpenAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), async (i, _) =>
        {
            Assert.True(await log.Log.DecisionAsync(TestLog.Decision($"d-{i}"), i % 50 == 0 ? Durability.Synced : Durability.Written, default));
            log.Log.Outcome(TestLog.Outcome($"d-{i}"));
        });
        await log.Log.StopAsync();
        var report = log.Verify();
        Assert.Empty(report.Faults);
        Assert.True(report.Checkpoints >= 4);
        Assert.Equal(report.LastSeq - 1, report.SignedSeq);
        Assert.Equal(2000, log.Lines("decision").Count());
        Assert.Equal(2000, log.Lines("outcome").Count());
    }

    [Fact]
    public async Task Open_AfterStop_GoesOnWithTheChain()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(5);
        await log.Log.StopAsync();
        await log.OpenAsync();
        await log.CallsAsync(5, from: 5);
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
        Assert.Empty(log.Lines("recovery"));
        Assert.Equal(2, log.Lines("start").Count());
    }

    [Fact]
    public async Task DecisionAsync_BeforeOpenAndAfterStop_IsRefused()
    {
        await using var log = new TestLog();
        var closed = log.Create();
        Assert.False(closed.IsAvailable);
        Assert.False(await closed.DecisionAsync(TestLog.Decision("d-1"), Durability.Written, default));
        await log.OpenAsync();
        Assert.True(log.Log.IsAvailable);
        await log.Log.StopAsync();
        Assert.False(log.Log.IsAvailable);
        Assert.False(await log.Log.DecisionAsync(TestLog.Decision("d-1"), Durability.Written, default));
        Assert.False(await log.Log.ChangeAsync(new ChangeRecord("policy", null, "p1", "start"), default));
    }

    [Fact]
    public async Task ChangeAsync_OfAPart_IsRecorded()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        Assert.True(await log.Log.ChangeAsync(new ChangeRecord("policy", "p1", "p2", "reload"), default));
        var line = log.Lines("change").Single();
        Assert.Contains("\"part\":\"policy\",\"old_revision\":\"p1\",\"new_revision\":\"p2\",\"detail\":\"reload\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Segments_OverTheSizeLimit_GoOnInTheNextOne()
    {
        await using var log = new TestLog(new AuditOptions { SegmentBytes = 20_000 });
        await log.OpenAsync();
        await log.CallsAsync(100);
        await log.Log.StopAsync();
        Assert.True(SegmentNames.Segments(log.Directory).Count >= 3);
        Assert.Empty(log.Verify().Faults);
    }

    private static string Type(string line) => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()!;
}
