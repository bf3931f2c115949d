using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using ToolGateway.Identity;
using ToolGateway.Identity.Certificates;
using ToolGateway.Identity.Tokens;
using ToolGateway.ToolCalls;

namespace ToolGateway.Benchmarks.Identity;

/// <summary>Who calls: against the one hash that recognizing a token costs (the baseline).</summary>
[MemoryDiagnoser]
public class IdentifyBenchmarks
{
    private const string Target = "/tools/crm/customers/42";

    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private Gateway? _gateway;
    private ICallerIdentifier _identifier = null!;
    private TokenVerifier _verifier = null!;
    private Tool _tool = null!;
    private DefaultHttpContext _withToken = null!;
    private DefaultHttpContext _withCertificate = null!;

    [GlobalSetup]
    public void Setup()
    {
        _gateway = new Gateway();
        _identifier = _gateway.Get<ICallerIdentifier>();
        _verifier = _gateway.Get<TokenVerifier>();
        _tool = _gateway.Snapshot.Tools["crm"];
        _withToken = _gateway.Request(HttpMethods.Get, Target, withToken: true);
        _withCertificate = _gateway.Request(HttpMethods.Get, Target, withToken: false);
        _withCertificate.Features.Set(new ClientCertificate(_gateway.Certificate, []));
    }

    [Benchmark(Baseline = true)]
    public void HashToken() => RememberedTokens.Digest(_gateway!.Token, _digest);

    [Benchmark]
    public async Task ColdTokenAsync()
    {
        var (token, refusal) = await _verifier.VerifyAsync(_gateway!.Token, _gateway.Snapshot.Trust);
        if (token is null)
            throw new InvalidOperationException(refusal!.Detail);
    }

    [Benchmark]
    public ValueTask RememberedTokenAsync() => IdentifyAsync(_withToken);

    [Benchmark]
    public ValueTask KnownConnectionAsync() => IdentifyAsync(_withCertificate);

    [Benchmark]
    public void ColdCertificate()
    {
        var (certificate, refusal) = SvidVerifier.Verify(_gateway!.Certificate, [], _gateway.Snapshot.Trust, TimeProvider.System.GetUtcNow());
        if (certificate is null)
            throw new InvalidOperationException(refusal!.Detail);
    }

    [Benchmark]
    public ValueTask NewConnectionAsync()
    {
        _withCertificate.Features.Set(new ClientCertificate(_gateway!.Certificate, []));
        return IdentifyAsync(_withCertificate);
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _gateway!.DisposeAsync();

    private async ValueTask IdentifyAsync(HttpContext context)
    {
        var result = await _identifier.IdentifyAsync(context, _gateway!.Snapshot, _tool);
        if (result.Caller is null)
            throw new InvalidOperationException(result.Refusal!.Detail);
    }
}
