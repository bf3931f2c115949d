using Microsoft.AspNetCore.Http;

namespace ToolGateway.Tests.Identity;

/// <summary>What identification costs when the credential has been seen before.</summary>
public sealed class HotPathTests : IDisposable
{
    private const int Calls = 1_000;

    private readonly IdentityKit _kit = new();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public async Task Identify_RememberedToken_AllocatesNothing() => Assert.InRange(await AllocatedAsync(IdentityKit.Context(_kit.Token())), 0, 16);

    [Fact]
    public async Task Identify_KnownConnection_AllocatesNothing()
    {
        using var svid = _kit.Svid();
        Assert.InRange(await AllocatedAsync(IdentityKit.Context(certificate: svid)), 0, 16);
    }

    [Fact]
    public async Task Identify_KnownConnectionWithRememberedToken_AllocatesNothing()
    {
        using var svid = _kit.Svid();
        Assert.InRange(await AllocatedAsync(IdentityKit.Context(_kit.Token(), svid)), 0, 16);
    }

    /// <summary>Bytes per call.</summary>
    private async Task<long> AllocatedAsync(HttpContext context)
    {
        var first = await _kit.IdentifyAsync(context);
        Assert.NotNull(first.Caller);
        Run(context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(context);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private void Run(HttpContext context)
    {
        var tool = IdentityKit.Tool();
        for (var i = 0; i < Calls; i++)
        {
            var identification = _kit.Identifier.IdentifyAsync(context, _kit.Snapshot, tool);
            if (!identification.IsCompletedSuccessfully)
                Assert.Fail("the warm path waits");
            else if (identification.Result.Refusal is { } refusal)
                Assert.Fail(refusal.Detail);
        }
    }
}
