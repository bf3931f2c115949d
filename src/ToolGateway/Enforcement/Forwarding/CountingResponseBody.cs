using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Hosting;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Counts what is written to the caller, and stops at an obligation's limit.</summary>
internal sealed class CountingResponseBody(IHttpResponseBodyFeature inner) : UnseekableStream, IHttpResponseBodyFeature
{
    private const long NotDraining = long.MinValue;

    public long Count { get; private set; }

    /// <summary>Most bytes that may be written.</summary>
    public long Limit { get; set; } = long.MaxValue;

    public bool IsOverLimit { get; private set; }

    private long _drained = NotDraining;

    public Stream Stream => this;

    public PipeWriter Writer => inner.Writer;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("responses come from tools, not from files");

    public Task CompleteAsync() => inner.CompleteAsync();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _drained) != NotDraining)
            return Swallow(buffer.Length);
        return Take(buffer.Length) is { } refused ? ValueTask.FromException(refused) : inner.Stream.WriteAsync(buffer, cancellationToken);
    }

    /// <summary>Counts bytes for the caller; the result says that they must not be written.</summary>
    public IOException? Take(int bytes)
    {
        if (bytes > Limit - Count)
        {
            IsOverLimit = true;
            return new IOException("the response is longer than the policy allows");
        }

        Count += bytes;
        return null;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>From now on nothing is written, because nobody reads it, and no more than <paramref name="bytes"/> are taken.</summary>
    public void Drain(long bytes) => Volatile.Write(ref _drained, bytes);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.Stream.FlushAsync(cancellationToken);

    public override void Flush() => inner.Stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ValueTask Swallow(int count) => Interlocked.Add(ref _drained, -count) < 0
        ? ValueTask.FromException(new IOException("the tool goes on for longer than it is listened to without the client"))
        : default;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("use WriteAsync");
}
