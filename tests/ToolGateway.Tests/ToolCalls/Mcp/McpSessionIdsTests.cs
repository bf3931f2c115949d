using System.Security.Cryptography;
using ToolGateway.Identity;
using ToolGateway.Tests.Identity;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Tests.ToolCalls.Mcp;

public sealed class McpSessionIdsTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly Agent Support = new("support", "team", "prod", "acme", true, null, null, []);
    private static readonly Caller Owner = new()
    {
        Type = "agent",
        Id = "spiffe://acme.test/agent/support",
        Authentication = "mtls",
        Agent = Support,
        Delegation = new DelegationSubject("user", "ada"),
        Credential = new CredentialInfo("mtls", null, null, null, null, DateTimeOffset.MaxValue),
    };

    private static readonly Tool Files = new()
    {
        Name = "files",
        IsMcp = true,
        Owner = "team",
        Risk = Risk.Low,
        Authentication = "any",
        ClusterId = "c",
        UpstreamPath = "",
        Timeout = TimeSpan.FromSeconds(1),
        Routes = ActionRoutes.Empty,
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void Open_OwnId_GivesTheUpstreamsAlsoAfterARestart()
    {
        using var before = new McpSessionIds(Key, _clock);
        using var after = new McpSessionIds(Key, _clock);
        var id = before.Seal("upstream-7", Owner, Files);

        Assert.Equal("upstream-7", after.Open(id, Owner, Files));
        Assert.NotEqual(id, before.Seal("upstream-7", Owner, Files));
        Assert.All(id, c => Assert.InRange(c, '!', '~'));
    }

    [Fact]
    public async Task Open_ManyAtOnce_EachGivesItsOwn()
    {
        using var ids = new McpSessionIds(Key, _clock);
        void SealAndOpen()
        {
            for (var i = 0; i < 20_000; i++)
                Assert.Equal("upstream-7", ids.Open(ids.Seal("upstream-7", Owner, Files), Owner, Files));
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(SealAndOpen, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    [Fact]
    public void Open_IdOfSomebodyOrSomethingElse_GivesNothing()
    {
        using var ids = new McpSessionIds(Key, _clock);
        var id = ids.Seal("upstream-7", Owner, Files);

        Assert.Null(ids.Open(id, Owner with { Id = "spiffe://acme.test/agent/other" }, Files));
        Assert.Null(ids.Open(id, Owner with { Delegation = new DelegationSubject("user", "bob") }, Files));
        Assert.Null(ids.Open(id, Owner with { Delegation = null }, Files));
        Assert.Null(ids.Open(id, Owner with { Agent = Support with { Tenant = "other" } }, Files));
        Assert.Null(ids.Open(id, Owner with { Agent = null }, Files));
        Assert.Null(ids.Open(id, Owner, Files with { Name = "other" }));
        using var otherKey = new McpSessionIds(RandomNumberGenerator.GetBytes(32), _clock);
        Assert.Null(otherKey.Open(id, Owner, Files));
    }

    [Fact]
    public void Open_AfterADay_GivesNothing()
    {
        using var ids = new McpSessionIds(Key, _clock);
        var id = ids.Seal("upstream-7", Owner, Files);

        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(2));
        Assert.Equal("upstream-7", ids.Open(id, Owner, Files));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(ids.Open(id, Owner, Files));
    }

    [Fact]
    public void Open_AnyBitChangedOrCut_GivesNothing()
    {
        using var ids = new McpSessionIds(Key, _clock);
        var id = ids.Seal("upstream-7", Owner, Files);
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(id);

        for (var i = 0; i < bytes.Length * 8; i++)
        {
            var changed = bytes.ToArray();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            Assert.Null(ids.Open(System.Buffers.Text.Base64Url.EncodeToString(changed), Owner, Files));
        }

        for (var length = 0; length < id.Length; length++)
            Assert.Null(ids.Open(id[..length], Owner, Files));
        Assert.Null(ids.Open("not base64 at all!", Owner, Files));
        Assert.Null(ids.Open(new string('A', 5000), Owner, Files));
    }
}
