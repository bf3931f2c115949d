using BenchmarkDotNet.Attributes;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Benchmarks;

/// <summary>Cost against the number of grants in data.</summary>
[MemoryDiagnoser]
public class GrantBenchmarks
{
    private readonly RegoValue _input = RegoJson.Parse(Samples.Input);
    private PreparedQuery _query = null!;

    [Params(10, 100, 1_000, 10_000, 100_000)]
    public int Agents { get; set; }

    [GlobalSetup]
    public void Setup() => _query = Samples.Prepare(Samples.Shipped(Samples.Grants(Agents)));

    [Benchmark]
    public RegoResult Evaluate() => _query.Evaluate(_input, Samples.Options);
}

/// <summary>Cost against the number of rules that cannot match.</summary>
[MemoryDiagnoser]
public class RuleBenchmarks
{
    private readonly RegoValue _input = RegoJson.Parse(Samples.Input);
    private PreparedQuery _query = null!;

    [Params(10, 100, 1_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup() => _query = Samples.Prepare(Samples.Rules(Rules));

    [Benchmark]
    public RegoResult Evaluate() => _query.Evaluate(_input, Samples.Options);
}

/// <summary>Compiling a thousand modules, and compiling again after one of them changed.</summary>
[MemoryDiagnoser]
public class CompileBenchmarks
{
    private readonly RegoSource[] _modules = [.. Enumerable.Range(0, 1_000).Select(i => new RegoSource(
        $"m{i}.rego", $"package m{i}\n\nallow if {{\n\tinput.x == {i}\n\tsome y in input.ys\n\ty > count(input.zs)\n}}\n\nnames contains n if some n in input.names\n"))];

    private RegoPolicy _before = null!;

    [GlobalSetup]
    public void Setup() => _before = new RegoCompiler().Compile(_modules).Policy!;

    [Benchmark(Baseline = true)]
    public RegoCompilation Compile() => new RegoCompiler().Compile(_modules);

    [Benchmark]
    public RegoCompilation CompileAgain() => new RegoCompiler().Compile(_modules[..^1].Append(new RegoSource("m999.rego", "package m999\n\nallow if input.x == 1\n")), null, _before);
}
