using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Hosting;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>A connection that leaves HTTP: its bytes are counted both ways, and those to the caller are held to the policy's limit like any response's.</summary>
internal sealed class CountingUpgrade(IHttpUpgradeFeature inner, OpenCall call) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new Tunnel(await inner.UpgradeAsync().ConfigureAwait(false), call);

    private sealed class Tunnel(Stream inner, OpenCall call) : UnseekableStream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            call.TunnelledBytes += read;
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            call.Response!.Take(buffer.Length) is { } refused ? ValueTask.FromException(refused) : inner.WriteAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("use ReadAsync");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("use WriteAsync");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
