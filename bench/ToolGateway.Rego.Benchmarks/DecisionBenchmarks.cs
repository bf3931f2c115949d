using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Benchmarks;

/// <summary>The gateway's own decision against what merely parsing the same input costs (the baseline).</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private readonly PreparedQuery _query = Samples.Prepare(Samples.Shipped());
    private readonly RegoValue _input = RegoJson.Parse(Samples.Input);

    [Benchmark(Baseline = true)]
    public void ParseJsonDocument() => JsonDocument.Parse(Samples.Input).Dispose();

    [Benchmark]
    public RegoValue ParseRegoJson() => RegoJson.Parse(Samples.Input);

    [Benchmark]
    public RegoResult Evaluate() => _query.Evaluate(_input, Samples.Options);

    [Benchmark]
    public RegoResult ParseAndEvaluate() => _query.Evaluate(Samples.Input.AsSpan(), Samples.Options);
}
