using System.CommandLine;
using System.Text.Json;
using ToolGateway.Audit;
using ToolGateway.Audit.Writing;
using ToolGateway.Host.Audit;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Audit;

public sealed class CommandTests
{
    [Fact]
    public async Task Verify_OfAWholeLog_SaysSoAndExitsZero()
    {
        await using var log = await RecordedAsync();
        var (code, output) = Run("verify", log.Directory);
        Assert.Equal(0, code);
        Assert.Contains("intact: chain", output, StringComparison.Ordinal);
        Assert.Contains("signed: up to record 62", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OfAChangedLog_NamesTheRecordAndExitsNonZero()
    {
        await using var log = await RecordedAsync();
        var segment = SegmentNames.Segments(log.Directory).Single();
        File.WriteAllText(segment, File.ReadAllText(segment).Replace("\"decision_id\":\"d-7\",\"trace", "\"decision_id\":\"d-8\",\"trace", StringComparison.Ordinal));
        var (code, output) = Run("verify", log.Directory);
        Assert.Equal(1, code);
        Assert.Contains("CHANGED audit-000000000001.jsonl line 16, record 16: the content does not give the recorded hash", output, StringComparison.Ordinal);
        var (_, json) = Run("verify", log.Directory, "--format", "json");
        Assert.Equal("changed", JsonDocument.Parse(json).RootElement.GetProperty("faults")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public void Verify_OfNothing_ExitsNonZero()
    {
        var (code, output) = Run("verify", "/nonexistent/log");
        Assert.Equal(2, code);
        Assert.Contains("/nonexistent/log cannot be verified", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_ByReason_PrintsDecisionAndOutcomeOnOneLine()
    {
        await using var log = await RecordedAsync();
        var (code, output) = Run("query", log.Directory, "--reason", "amount_over_limit", "--agent", "support", "--tool", "crm", "--outcome", "deny", "--task", "T-1");
        Assert.Equal(0, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 10, lines.Length);
        Assert.All(lines[1..], line => Assert.Matches(@"^2026-11-22T05:16:51.000Z deny +403 +support +crm +refunds\.create +0\.39 amount_over_limit completed task=T-1 d-\d+ *$", line));
        Assert.Empty(Run("query", log.Directory, "--agent", "other").Output);
        Assert.Empty(Run("query", log.Directory, "--until", "2020-01-01T00:00:00Z").Output);
    }

    [Fact]
    public async Task Query_AsJson_GivesBothRecordsAsTheyAre()
    {
        await using var log = await RecordedAsync();
        var (_, output) = Run("query", log.Directory, "--decision", "d-4", "--format", "json");
        using var json = JsonDocument.Parse(output);
        Assert.Equal("d-4", json.RootElement.GetProperty("decision").GetProperty("decision_id").GetString());
        Assert.Equal(200, json.RootElement.GetProperty("outcome").GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Tail_OfALongLog_PrintsTheLastItems()
    {
        await using var log = await RecordedAsync();
        var (_, output) = Run("tail", log.Directory, "-n", "3", "--agent", "support");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Contains("d-29", lines[3], StringComparison.Ordinal);
        Assert.Contains("stop", Run("tail", log.Directory, "-n", "2").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WithHostileText_PrintsNoControlCharacters()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        var call = TestCalls.Refund() with { Intent = new Intent("\u001b[2J\u202e[red]x[/]", null, false) };
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("d-1") with { Call = call }, Durability.Written, default));
        var (code, output) = Run("query", log.Directory);
        Assert.Equal(0, code);
        Assert.Contains("task=�[2J�[red]x[/]", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Query_WhileFollowing_PrintsWhatIsWrittenLaterAcrossSegments()
    {
        await using var log = new TestLog(new AuditOptions { SegmentBytes = 10_000 });
        await log.OpenAsync();
        await log.CallsAsync(5);
        using var stop = new CancellationTokenSource();
        await using var output = new LockedWriter();
        var following = AuditCommands.Create().Parse(["query", log.Directory, "--follow", "--agent", "support"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, stop.Token);
        await log.CallsAsync(40, from: 5);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!output.ToString().Contains("d-44", StringComparison.Ordinal) && System.Diagnostics.Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10))
            await Task.Delay(20);
        await stop.CancelAsync();
        Assert.Equal(0, await following);
        Assert.All(Enumerable.Range(0, 45), i => Assert.Matches($@"\bd-{i}\b", output.ToString()));
    }

    [Fact]
    public async Task Stats_OfALog_CountsByAgentToolAndReasonAndShowsSharedCredentials()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(30);
        var elsewhere = TestLog.Decision("d-x") with { RemoteAddress = "10.9.9.9", Call = TestCalls.Refund() with { Intent = new Intent("T-2", null, false) } };
        Assert.True(await log.Log.DecisionAsync(elsewhere, Durability.Written, default));
        log.Log.Outcome(TestLog.Outcome("d-x") with { Duration = TimeSpan.FromSeconds(3) });
        await log.Log.StopAsync();
        var (code, output) = Run("stats", log.Directory, "--format", "json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        var agent = json.RootElement.GetProperty("agents")[0];
        Assert.Equal(("support", 31, 10), (agent.GetProperty("name").GetString(), agent.GetProperty("calls").GetInt32(), agent.GetProperty("denials").GetInt32()));
        Assert.InRange(agent.GetProperty("p50_milliseconds").GetDouble(), 0.39, 0.39 * 1.07);
        Assert.InRange(agent.GetProperty("p99_milliseconds").GetDouble(), 3000, 3000 * 1.07);
        Assert.Equal(10, json.RootElement.GetProperty("reasons")[0].GetProperty("calls").GetInt32());
        var used = json.RootElement.GetProperty("access")[0];
        Assert.Equal(("refunds.create", 21), (used.GetProperty("action").GetString(), used.GetProperty("calls").GetInt32()));
        var shared = json.RootElement.GetProperty("shared_credentials")[0];
        Assert.Equal(["10.0.0.7", "10.9.9.9"], shared.GetProperty("addresses").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(["T-1", "T-2"], shared.GetProperty("tasks").EnumerateArray().Select(item => item.GetString()));
        Assert.Contains("refunds.create", Run("stats", log.Directory).Output, StringComparison.Ordinal);
    }

    private static async Task<TestLog> RecordedAsync()
    {
        var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(30);
        await log.Log.StopAsync();
        return log;
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var code = AuditCommands.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }

    /// <summary>One that can be read while it is written.</summary>
    private sealed class LockedWriter : StringWriter
    {
        private readonly Lock _lock = new();

        public override void Write(char value)
        {
            lock (_lock)
                base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_lock)
                base.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            lock (_lock)
                base.Write(buffer);
        }

        public override void Write(string? value)
        {
            lock (_lock)
                base.Write(value);
        }

        public override string ToString()
        {
            lock (_lock)
                return base.ToString();
        }
    }
}
