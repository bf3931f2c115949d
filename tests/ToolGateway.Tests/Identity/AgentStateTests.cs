using ToolGateway.Enforcement;
using ToolGateway.Identity;

namespace ToolGateway.Tests.Identity;

/// <summary>Disabled and expired agents, at identification and while a call runs.</summary>
public sealed class AgentStateTests : IDisposable
{
    private readonly IdentityKit _kit = new();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public async Task Identify_DisabledAgent_IsRefusedWhateverItPresents()
    {
        using var svid = _kit.Svid();
        var (context, token) = (IdentityKit.Context(certificate: svid), _kit.Token());
        Assert.NotNull((await _kit.IdentifyAsync(context)).Caller);
        await _kit.AcceptAsync(token);

        _kit.Options.Agents["support"].Enabled = false;
        _kit.Reload();

        Assert.Equal(ReasonCodes.AgentDisabled, (await _kit.IdentifyAsync(context)).Refusal!.Reason);
        await _kit.RefuseAsync(ReasonCodes.AgentDisabled, token);
        await _kit.RefuseAsync(ReasonCodes.AgentDisabled, token, svid);

        // A user that bears the disabled identity's name gets no further either.
        await _kit.RefuseAsync(ReasonCodes.AgentDisabled, _kit.Tokens.Sign(_kit.Request("support", "portal")));
    }

    [Fact]
    public async Task Identify_ExpiredAgent_IsRefusedFromThenOn()
    {
        _kit.Options.Agents["support"].ExpiresAt = _kit.Clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        _kit.Reload();
        var token = _kit.Token();
        await _kit.AcceptAsync(token);

        _kit.Clock.Advance(TimeSpan.FromMinutes(1));

        await _kit.RefuseAsync(ReasonCodes.AgentExpired, token);
    }

    [Fact]
    public async Task Check_ActiveCaller_GoesOn()
    {
        using var svid = _kit.Svid("spiffe://acme.test/agent/unregistered");
        Assert.Null(Check(await _kit.AcceptAsync(_kit.Token())));
        Assert.Null(Check(await _kit.AcceptAsync(certificate: svid)));
    }

    [Fact]
    public async Task Check_ExpiredCredential_EndsTheCall()
    {
        using var svid = _kit.Svid();
        var (token, certificate) = (await _kit.AcceptAsync(_kit.Token()), await _kit.AcceptAsync(certificate: svid));

        _kit.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(ReasonCodes.TokenExpired, Check(token));
        Assert.Null(Check(certificate));
        _kit.Clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(ReasonCodes.CertificateInvalid, Check(certificate));
    }

    [Fact]
    public async Task Check_AgentThatIsNoLongerActive_EndsTheCall()
    {
        var caller = await _kit.AcceptAsync(_kit.Token());
        var agent = _kit.Options.Agents["support"];

        agent.Enabled = false;
        _kit.Reload();
        Assert.Equal(ReasonCodes.AgentDisabled, Check(caller));

        (agent.Enabled, agent.ExpiresAt) = (true, _kit.Clock.GetUtcNow());
        _kit.Reload();
        Assert.Equal(ReasonCodes.AgentExpired, Check(caller));

        _kit.Options.Agents.Clear();
        _kit.Reload();
        Assert.Equal(ReasonCodes.AgentDisabled, Check(caller));

        _kit.Options.Agents["other"] = new AgentOptions { Owner = "team", Identities = agent.Identities };
        _kit.Reload();
        Assert.Equal(ReasonCodes.AgentDisabled, Check(caller));
    }

    private string? Check(Caller caller) => CallerLiveness.Check(caller, _kit.Snapshot, _kit.Clock.GetUtcNow());
}
