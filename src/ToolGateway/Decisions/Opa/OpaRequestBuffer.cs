using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using ToolGateway.Decisions.Input;

namespace ToolGateway.Decisions.Opa;

/// <summary>Memory for the body of one request, used again after a clean exchange.</summary>
internal sealed class OpaRequestBuffer : IDisposable
{
    private const int MaxPooled = 64;
    private const int MaxPooledBytes = 64 * 1024;

    private static readonly ConcurrentQueue<OpaRequestBuffer> Pool = new();

    private readonly ArrayBufferWriter<byte> _bytes = new(2048);
    private readonly Utf8JsonWriter _writer;

    private OpaRequestBuffer() => _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true });

    public static OpaRequestBuffer Rent() => Pool.TryDequeue(out var buffer) ? buffer : new OpaRequestBuffer();

    /// <summary>The request <c>{"input": …}</c>.</summary>
    public ReadOnlyMemory<byte> Write(DecisionInput input)
    {
        _bytes.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WritePropertyName("input"u8);
        DecisionInputJson.Write(_writer, input);
        _writer.WriteEndObject();
        _writer.Flush();
        return _bytes.WrittenMemory;
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>Keeps the memory for another request; only when nobody reads the last one's bytes any more.</summary>
    public void Return()
    {
        if (_bytes.Capacity <= MaxPooledBytes && Pool.Count < MaxPooled)
            Pool.Enqueue(this);
        else
            Dispose();
    }
}
