using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Opa;

namespace ToolGateway.Benchmarks.Decisions;

/// <summary>
/// The answer to a call under the shipped policies: against what merely parsing the same question costs (the baseline). The sidecar is a scripted one that answers at
/// once, so that what remains is the gateway's own work and two passages through a unix socket.
/// </summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private byte[] _question = [];
    private Gateway? _embedded;
    private Gateway? _remote;
    private ScriptedSidecar? _sidecar;
    private DecisionInput _plain = null!;
    private DecisionInput _reusable = null!;
    private IDecisionPoint _byEngine = null!;
    private IDecisionPoint _bySidecar = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _sidecar = new ScriptedSidecar();
        _embedded = new Gateway();
        _remote = new Gateway("--ToolGateway:Decisions:Engine=Opa", $"--ToolGateway:Decisions:Opa:Address=unix://{_sidecar.SocketPath}");
        _byEngine = _embedded.Get<IDecisionPoint>();
        _bySidecar = _remote.Get<IDecisionPoint>();
        _plain = await _embedded.InputAsync(_embedded.Request(HttpMethods.Get, "/tools/crm/customers/42", withToken: true));
        _reusable = await _embedded.InputAsync(_embedded.Request(HttpMethods.Get, "/tools/crm/cached/42", withToken: true));
        using var buffer = OpaRequestBuffer.Rent();
        _question = buffer.Write(_plain).ToArray();
        await CacheHitAsync();
        if (!(await _byEngine.DecideAsync(_embedded.Snapshot, _reusable, default)).Cached)
            throw new InvalidOperationException("the decision was not taken from the cache");
    }

    [Benchmark(Baseline = true)]
    public void ParseJsonDocument() => JsonDocument.Parse(_question).Dispose();

    [Benchmark]
    public Task EmbeddedAsync() => DecideAsync(_byEngine, _embedded!, _plain);

    [Benchmark]
    public Task CacheHitAsync() => DecideAsync(_byEngine, _embedded!, _reusable);

    [Benchmark]
    public Task SidecarOverUnixSocketAsync() => DecideAsync(_bySidecar, _remote!, _plain);

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _embedded!.DisposeAsync();
        await _remote!.DisposeAsync();
        _sidecar!.Dispose();
    }

    private static async Task DecideAsync(IDecisionPoint point, Gateway gateway, DecisionInput input)
    {
        var decision = await point.DecideAsync(gateway.Snapshot, input, default);
        if (!decision.Allow)
            throw new InvalidOperationException(string.Join(", ", decision.Reasons));
    }
}
