using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Opa;

namespace ToolGateway.Benchmarks.Decisions;

/// <summary>The whole input document as the sidecar gets it: against writing the same document when it is there already (the baseline).</summary>
[MemoryDiagnoser]
public class InputBenchmarks
{
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);
    private readonly OpaRequestBuffer _buffer = OpaRequestBuffer.Rent();
    private DecisionInput _input = null!;
    private JsonDocument? _document;
    private Utf8JsonWriter? _writer;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        await using var gateway = new Gateway();
        _input = await gateway.InputAsync(gateway.Request(HttpMethods.Get, "/tools/crm/customers/42", withToken: true));
        _document = JsonDocument.Parse(_buffer.Write(_input).ToArray());
        _writer = new Utf8JsonWriter(_bytes);
    }

    [Benchmark(Baseline = true)]
    public int WriteJsonDocument()
    {
        _bytes.ResetWrittenCount();
        _writer!.Reset();
        _document!.WriteTo(_writer);
        _writer.Flush();
        return _bytes.WrittenCount;
    }

    [Benchmark]
    public int WriteInput() => _buffer.Write(_input).Length;

    [GlobalCleanup]
    public void Cleanup()
    {
        _buffer.Dispose();
        _document!.Dispose();
        _writer!.Dispose();
    }
}
