using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;
using ToolGateway.Hosting;
using ToolGateway.Identity;

namespace ToolGateway.Tests.Identity;

/// <summary>Keys from an issuer's server: rotation, outage, floods, and answers that are not to be trusted.</summary>
public sealed class RemoteKeysTests : IAsyncLifetime, IDisposable
{
    private readonly DevTokens _next = DevTokens.Create();
    private JwksServer _server = null!;
    private IdentityKit _kit = null!;

    public async Task InitializeAsync()
    {
        _server = await JwksServer.StartAsync();
        _kit = Kit(issuer => issuer.JwksUri = $"{_server.Url}/jwks.json");
        _server.Serve(_kit.Tokens.JwksJson());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _kit.Dispose();
        _next.Dispose();
    }

    [Fact]
    public async Task Identify_KeysFromAnAddress_AreFetchedOnce()
    {
        await _kit.AcceptAsync(_kit.Token());
        await _kit.AcceptAsync(_kit.Token());

        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task Identify_ManyAtTheStart_ShareOneFetch()
    {
        var callers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _kit.AcceptAsync(_kit.Token())));

        Assert.Equal(20, callers.Length);
        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task Identify_NewKey_IsFetchedForTheFirstTokenThatNamesIt()
    {
        await _kit.AcceptAsync(_kit.Token());

        _server.Serve(_kit.Tokens.JwksJson(_next));
        _kit.Clock.Advance(TimeSpan.FromSeconds(30));

        await _kit.AcceptAsync(_next.Sign(_kit.Request()));
    }

    [Fact]
    public async Task Identify_KeyGoneFromTheSet_EndsRememberedTokensAtOnce()
    {
        var old = _kit.Token();
        await _kit.AcceptAsync(old);

        _server.Serve(_next.JwksJson());
        _kit.Clock.Advance(TimeSpan.FromSeconds(30));
        await _kit.AcceptAsync(_next.Sign(_kit.Request()));

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, old);
    }

    [Fact]
    public async Task Identify_RememberedTokensOnly_StillNoticeARevokedKey()
    {
        var token = _kit.Token();
        await _kit.AcceptAsync(token);

        _server.Serve("""{ "keys": [] }""");
        _kit.Clock.Advance(TimeSpan.FromMinutes(6));

        await UntilAsync(async () => (await _kit.IdentifyAsync(token)).Refusal?.Reason == ReasonCodes.TokenInvalid);
    }

    [Fact]
    public async Task Identify_Outage_KeepsTheLastSetForAnHour()
    {
        await _kit.AcceptAsync(_kit.Token());
        _server.Fail(500);

        _kit.Clock.Advance(TimeSpan.FromMinutes(59));
        await _kit.AcceptAsync(_kit.Token());
        await UntilAsync(() => Task.FromResult(Health().State == HealthState.Degraded));
        Assert.Equal("keys cannot be fetched: idp", Health().Detail);

        _kit.Clock.Advance(TimeSpan.FromMinutes(2));
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Token());

        _server.Serve(_kit.Tokens.JwksJson());
        await UntilAsync(async () =>
        {
            _kit.Clock.Advance(TimeSpan.FromSeconds(10));
            return (await _kit.IdentifyAsync(_kit.Token())).Caller is not null;
        });
        Assert.Equal(HealthState.Ok, Health().State);
    }

    [Fact]
    public async Task Identify_ClockSetBack_KeepsNoKeyLongerAndFetchesOn()
    {
        await _kit.AcceptAsync(_kit.Token());
        _server.Fail(500);
        _kit.Clock.SetWall(-TimeSpan.FromDays(1));

        _kit.Clock.Advance(TimeSpan.FromMinutes(61));
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Token());

        _server.Serve(_kit.Tokens.JwksJson());
        await UntilAsync(async () =>
        {
            _kit.Clock.Advance(TimeSpan.FromSeconds(10));
            return (await _kit.IdentifyAsync(_kit.Token())).Caller is not null;
        });
    }

    [Fact]
    public async Task Identify_OutageFromTheStart_RecoversWithoutARestart()
    {
        _server.Fail(503);
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Token());

        _server.Serve(_kit.Tokens.JwksJson());
        await UntilAsync(async () =>
        {
            _kit.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await _kit.IdentifyAsync(_kit.Token())).Caller is not null;
        });
    }

    [Fact]
    public async Task Identify_FloodOfUnknownKeys_CausesOneFetchPerInterval()
    {
        await _kit.AcceptAsync(_kit.Token());
        for (var i = 0; i < 50; i++)
            await _kit.RefuseAsync(ReasonCodes.TokenInvalid, UnknownKey());
        Assert.InRange(_server.Requests, 1, 2);

        _kit.Clock.Advance(TimeSpan.FromSeconds(11));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _kit.RefuseAsync(ReasonCodes.TokenInvalid, UnknownKey())));
        Assert.InRange(_server.Requests, 1, 3);
        await _kit.AcceptAsync(_kit.Token());
    }

    [Fact]
    public async Task Identify_FloodDuringAnOutage_CausesOneFetchPerInterval()
    {
        await _kit.AcceptAsync(_kit.Token());
        _server.Fail(404);
        _kit.Clock.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 50; i++)
            await _kit.RefuseAsync(ReasonCodes.TokenInvalid, UnknownKey());
        Assert.InRange(_server.Requests, 2, 3);
        var message = Assert.Single(_kit.Log.Items);
        Assert.Contains($"issuer {IdentityKit.IssuerUrl} cannot be fetched", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_OfAnUnchangedIssuer_KeepsItsKeys()
    {
        var token = _kit.Token();
        await _kit.AcceptAsync(token);
        _server.Fail(500);

        _kit.Options.Agents["other"] = new AgentOptions { Owner = "team", Identities = ["x#y"] };
        _kit.Reload();

        await _kit.AcceptAsync(token);
        await _kit.AcceptAsync(_kit.Token());
        Assert.Equal(1, _server.Requests);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "keys": {} }""")]
    [InlineData("""{ "keys": [ 1 ] }""")]
    [InlineData("""{ "keys": [], "keys": [] }""")]
    [InlineData("""{ "keys": [ { "use": "\ud800" } ] }""")]
    public async Task Identify_AnswerThatIsNoKeySet_IsRefused(string answer)
    {
        _server.Serve(answer);
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Token());
        Assert.Equal(HealthState.Degraded, Health().State);
    }

    [Fact]
    public async Task Identify_HugeAnswer_IsRefused()
    {
        var keys = JsonNode.Parse(_kit.Tokens.JwksJson())!;
        keys["pad"] = new string('x', 2 << 20);
        _server.Serve(keys.ToJsonString());

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Token());
    }

    [Fact]
    public async Task Identify_Redirect_IsNotFollowed()
    {
        await using var other = await JwksServer.StartAsync();
        other.Serve(_kit.Tokens.JwksJson());
        _server.Answer = context =>
        {
            context.Response.Redirect(other.Url);
            return Task.CompletedTask;
        };

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Token());
        Assert.Equal(0, other.Requests);
    }

    [Theory]
    [InlineData("https://issuer.acme.test", "{0}/keys", true)]
    [InlineData("https://issuer.evil.test", "{0}/keys", false)]
    [InlineData("https://issuer.acme.test", "http://keys.acme.test/keys", false)]
    [InlineData("https://issuer.acme.test", "file:///etc/passwd", false)]
    [InlineData("https://issuer.acme.test", null, false)]
    public async Task Identify_Metadata_MustBeTheIssuersOwn(string issuer, string? address, bool accepted)
    {
        using var kit = Kit(options => options.MetadataAddress = $"{_server.Url}/.well-known/openid-configuration");
        var metadata = new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = address?.Replace("{0}", _server.Url, StringComparison.Ordinal) };
        _server.Answer = context => context.Response.WriteAsync(context.Request.Path == "/keys" ? kit.Tokens.JwksJson() : metadata.ToJsonString());

        if (accepted)
            await kit.AcceptAsync(kit.Token());
        else
            await kit.RefuseAsync(ReasonCodes.TokenInvalid, kit.Token());
    }

    private static IdentityKit Kit(Action<IssuerOptions> change) => new(kit =>
    {
        kit.Issuer.JwksPath = null;
        kit.Issuer.MaxLifetime = TimeSpan.FromDays(1);
        change(kit.Issuer);
    });

    private HealthResult Health() => new IssuerHealth(new SnapshotHolder(_kit.Snapshot)).Check();

    private string UnknownKey()
    {
        using var other = DevTokens.Create(_kit.Clock);
        return other.Sign(_kit.Request());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = Environment.TickCount64 + 10_000;
        while (!await condition())
        {
            Assert.True(Environment.TickCount64 < deadline, "it did not happen in time");
            await Task.Delay(50);
        }
    }
}
