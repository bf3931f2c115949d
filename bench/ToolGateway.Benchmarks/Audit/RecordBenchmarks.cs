using System.Diagnostics.Metrics;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Benchmarks.Audit;

/// <summary>
/// What recording a call costs on the calling path: the decision at each durability, and its outcome. One operation is one call, both records included;
/// with <see cref="Parallelism"/> it is that many calls at once, reported per call. The baseline appends as many bytes to a file, with nobody waiting for a disk.
/// </summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private const int Calls = 1024;
    private const int PairBytes = 1600;

    private readonly byte[] _pair = new byte[PairBytes];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("toolgateway-bench-");
    private DecisionRecord[] _decisions = [];
    private ServiceProvider? _services;
    private AuditLog? _log;
    private FileStream? _file;

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
        _file = new FileStream(Path.Combine(_root.FullName, "baseline"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void AppendBytes()
    {
        for (var i = 0; i < Calls; i++)
            _file!.Write(_pair);
        _file!.SetLength(0);
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task RecordAsync() => Task.WhenAll(Enumerable.Range(0, Parallelism).Select(worker => Task.Run(() => WorkAsync(worker))));

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _log!.StopAsync();
        await _file!.DisposeAsync();
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
