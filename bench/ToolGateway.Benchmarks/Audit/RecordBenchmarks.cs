using System.Diagnostics.Metrics;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Benchmarks.Audit;

/// <summary>
/// What recording a call costs on the calling path: the decision at each durability, and its outcome. One operation is one call, both records included;
/// with <see cref="Parallelism"/> it is that many calls at once, reported per call.
/// </summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private const int Calls = 1024;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("toolgateway-bench-");
    private DecisionRecord[] _decisions = [];
    private ServiceProvider? _services;
    private AuditLog? _log;

    [Params("Written", "Synced")]
    public string Durability { get; set; } = "Written";

    [Params(1, 16, 64)]
    public int Parallelism { get; set; } = 1;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _decisions = [.. Enumerable.Range(0, Calls).Select(i => Decision($"{i:x32}"))];
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _log = new AuditLog(
            new AuditSettings(new AuditOptions { Path = "log" }, "bench", _root.FullName), new AuditMetrics(_services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System, NullLogger<AuditLog>.Instance);
        await _log.OpenAsync(default);
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task RecordAsync() => Task.WhenAll(Enumerable.Range(0, Parallelism).Select(worker => Task.Run(() => WorkAsync(worker))));

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _log!.StopAsync();
        await _services!.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private async Task WorkAsync(int worker)
    {
        var durability = Enum.Parse<ToolGateway.Audit.Durability>(Durability);
        for (var i = worker; i < Calls; i += Parallelism)
        {
            if (!await _log!.DecisionAsync(_decisions[i], durability, default))
                throw new InvalidOperationException("the log took no record");
            _log.Outcome(new OutcomeRecord(
                _decisions[i].DecisionId, _decisions[i].Time, 200, 200, 87, null, 231, TimeSpan.FromMicroseconds(390), "completed", null));
        }
    }

    private static DecisionRecord Decision(string id) => new()
    {
        DecisionId = id,
        Time = DateTimeOffset.UnixEpoch,
        TraceId = id,
        RemoteAddress = "10.0.0.7",
        Caller = Support,
        Call = Refund,
        Decision = new Decision { Allow = true, Engine = "embedded", PolicyRevision = "0123456789abcdef" },
        ConfigurationRevision = "0123456789abcdef",
        Duration = TimeSpan.FromMicroseconds(50),
    };

    private static Caller Support { get; } = new()
    {
        Type = "agent",
        Id = "spiffe://acme.test/agent/support",
        Authentication = "mtls",
        Agent = new Agent("support", "team-support@acme.test", "prod", "acme", true, null, null, []),
        Credential = new CredentialInfo("mtls", null, null, null, new string('c', 64), DateTimeOffset.UnixEpoch),
    };

    private static ToolCall Refund { get; } = new()
    {
        Tool = new Tool
        {
            Name = "crm",
            IsMcp = false,
            Owner = "team-crm@acme.test",
            Risk = Risk.Medium,
            Authentication = "any",
            ClusterId = "crm",
            UpstreamPath = "",
            Timeout = TimeSpan.FromSeconds(30),
            Routes = ActionRoutes.Empty,
        },
        Action = "refunds.create",
        Method = "POST",
        Risk = Risk.High,
        Effect = "write",
        UpstreamTarget = "/refunds",
        BodyMode = BodyMode.Json,
        Body = Encoding.UTF8.GetBytes("""{"order":"A-17","amount":40}"""),
        Intent = new Intent("T-1", "refund-order", true),
    };
}
