using System.Security.Cryptography;
using ToolGateway.Hosting;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>An opaque request body on its way to the tool: counted and digested as it passes.</summary>
internal sealed class DigestingRequestBody(Stream inner) : UnseekableStream
{
    // A forwarder that gives up on the tool leaves the copy of the body behind, while the outcome is recorded; a hash serves one thread at a time.
    private readonly Lock _lock = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <summary>Digest of what has passed.</summary>
    public string Digest()
    {
        lock (_lock)
            return "sha-256:" + Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            Count += read;
            _hash.AppendData(buffer.Span[..read]);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("use ReadAsync");

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
