using ToolGateway.Host.Dev;
using ToolGateway.Identity.Certificates;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Tests.Identity;

/// <summary>Keys and authorities are shared by all calls: threads of their own use them at once, since the pool's run one after the other on a small machine.</summary>
public sealed class ParallelVerificationTests
{
    private const int Threads = 8;

    [Fact]
    public async Task Verify_OneKeyByManyThreads_AcceptsEveryToken()
    {
        using var kit = new IdentityKit();
        for (var round = 0; round < 20; round++)
        {
            // A new set each round: what a key makes on first use is made by all at once.
            using var signer = DevTokens.Create(kit.Clock);
            var keys = KeySet.Parse(System.Text.Encoding.UTF8.GetBytes(signer.JwksJson()), []);
            var rules = kit.Snapshot.Trust.FindIssuer(IdentityKit.IssuerUrl)!.Rules;
            var key = keys.Find(signer.KeyId, "ES256")!;
            var token = signer.Sign(kit.Request());
            await AtOnceAsync(() =>
            {
                for (var i = 0; i < 50; i++)
                    Assert.True(TokenSignature.IsValidAsync(token, rules, key).AsTask().GetAwaiter().GetResult());
            });
        }
    }

    [Fact]
    public async Task Verify_OneBundleByManyThreads_AcceptsEveryCertificate()
    {
        using var kit = new IdentityKit();
        using var svid = kit.Svid();
        for (var round = 0; round < 5; round++)
        {
            kit.Write("acme.json", kit.Authority.BundleJson(round + 2, kit.SvidTokens));
            kit.Reload();
            await AtOnceAsync(() =>
            {
                for (var i = 0; i < 20; i++)
                {
                    var (certificate, refusal) = SvidVerifier.Verify(svid.RawData, [], kit.Snapshot.Trust, kit.Clock.GetUtcNow());
                    Assert.True(certificate is not null, refusal?.Detail);
                }
            });
        }
    }

    private static Task AtOnceAsync(Action work)
    {
        var start = new Barrier(Threads);
        return Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                work();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }
}
