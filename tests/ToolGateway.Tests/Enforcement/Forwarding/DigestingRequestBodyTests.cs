using ToolGateway.Enforcement.Forwarding;

namespace ToolGateway.Tests.Enforcement.Forwarding;

public sealed class DigestingRequestBodyTests
{
    [Fact]
    public async Task Digest_WhileTheBodyIsStillRead_IsOfWhatWasReadUntilThen()
    {
        // The forwarder gives up on a tool while the copy of the body to it is under way, and the outcome is recorded then.
        using var body = new DigestingRequestBody(new Endless());
        using var stop = new CancellationTokenSource();
        var reading = Task.Factory.StartNew(
            () =>
            {
                var buffer = new byte[256 << 10];
                while (!stop.IsCancellationRequested)
                    body.ReadAsync(buffer).AsTask().GetAwaiter().GetResult();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var i = 0; i < 3_000; i++)
            Assert.StartsWith("sha-256:", body.Digest(), StringComparison.Ordinal);
        await stop.CancelAsync();
        await reading.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private sealed class Endless : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }
}
