using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Audit.Verification;
using ToolGateway.Audit.Writing;
using ToolGateway.Decisions;
using ToolGateway.Identity;

namespace ToolGateway.Tests.Audit;

/// <summary>A log in a directory of its own, and what tests ask of it.</summary>
internal sealed class TestLog : IAsyncDisposable
{
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("toolgateway-audit-");

    public TestLog(AuditOptions? options = null)
    {
        Options = options ?? new AuditOptions();
        Options.Path = "log";
    }

    public static AuditMetrics Metrics { get; } = new(Meters);

    public AuditOptions Options { get; }

    public string Root => _root.FullName;

    public string Directory => Path.Combine(Root, "log");

    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(30);

    public SegmentStorage Storage { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public AuditLog Log { get; private set; } = null!;

    public static Caller Support { get; } = new()
    {
        Type = "agent",
        Id = "spiffe://acme.test/agent/support",
        Authentication = "mtls",
        Agent = new Agent("support", "team-support@acme.test", "prod", "acme", true, null, null, ["spiffe://acme.test/agent/support"]),
        Credential = new CredentialInfo("mtls", null, null, null, new string('c', 64), DateTimeOffset.UnixEpoch),
    };

    /// <summary>Waits for what other threads do.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "waited for 10 s");
            await Task.Delay(5);
        }
    }

    public async Task<AuditLog> OpenAsync()
    {
        Log = Create();
        await Log.OpenAsync(default);
        return Log;
    }

    public AuditLog Create() =>
        new(new AuditSettings(Options, "gw-1", Root) { LockWait = LockWait }, Metrics, Time, NullLogger<AuditLog>.Instance, Storage);

    public static DecisionRecord Decision(string id, bool allow = true, string reason = "amount_over_limit") => new()
    {
        DecisionId = id,
        Time = new DateTimeOffset(2026, 11, 22, 5, 16, 51, TimeSpan.Zero),
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        RemoteAddress = "10.0.0.7",
        Caller = Support,
        Call = TestCalls.Refund(),
        Decision = allow ? new Decision { Allow = true, Engine = "embedded", PolicyRevision = "p1" } : ToolGateway.Decisions.Decision.Denied("embedded", reason, "p1"),
        ConfigurationRevision = "c1",
        Duration = TimeSpan.FromMicroseconds(212),
    };

    public static OutcomeRecord Outcome(string id, int status = 200, string ended = "completed") =>
        new(id, new DateTimeOffset(2026, 11, 22, 5, 16, 52, TimeSpan.Zero), status, status == 200 ? 200 : null, 87, null, 231, TimeSpan.FromMicroseconds(390), ended, null);

    /// <summary>Records whole calls.</summary>
    public async Task CallsAsync(int count, int from = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            Assert.True(await Log.DecisionAsync(Decision($"d-{i}", i % 3 != 0), Durability.Written, default));
            Log.Outcome(Outcome($"d-{i}", i % 3 != 0 ? 200 : 403));
        }
    }

    public VerifyReport Verify(string? publicKey = null, string? anchor = null) =>
        new AuditVerifier(VerifyInputs.Keys(Directory, publicKey), VerifyInputs.Anchors(Directory, anchor)).Verify(Directory, publicKey is null);

    public List<string> Lines() =>
        [.. SegmentNames.Segments(Directory).SelectMany(path =>
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new StreamReader(stream, Encoding.UTF8).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        })];

    public IEnumerable<string> Lines(string type) => Lines().Where(line => line.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        if (Log is not null)
            await Log.StopAsync();
        _root.Delete(recursive: true);
    }
}
