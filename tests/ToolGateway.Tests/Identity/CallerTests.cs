using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;
using ToolGateway.Identity;
using ToolGateway.Rego.Values;

namespace ToolGateway.Tests.Identity;

/// <summary>Whom credentials name, and which belong together.</summary>
public sealed class CallerTests : IDisposable
{
    private readonly IdentityKit _kit = new();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public async Task Identify_SubjectOtherThanClient_IsAUserWithoutRegistration()
    {
        var caller = await _kit.AcceptAsync(_kit.Tokens.Sign(_kit.Request("alice", "support")));

        Assert.Equal(("user", $"{IdentityKit.IssuerUrl}#alice"), (caller.Type, caller.Id));
        Assert.Null(caller.Agent);
        Assert.Null(caller.Delegation);
    }

    [Fact]
    public async Task Identify_UserWhoIsCalledLikeAnAgent_IsNotTheAgent()
    {
        var caller = await _kit.AcceptAsync(_kit.Tokens.Sign(_kit.Request("support", "portal")));

        Assert.Equal(("user", $"{IdentityKit.IssuerUrl}#support"), (caller.Type, caller.Id));
        Assert.Null(caller.Agent);
    }

    [Fact]
    public async Task Identify_Actor_IsTheSubjectAndTheTokensSubjectIsDelegating()
    {
        var caller = await _kit.AcceptAsync(_kit.Tokens.Sign(_kit.Request("alice", "portal") with { Actors = ["support", "planner", "scheduler"] }));

        Assert.Equal(("agent", $"{IdentityKit.IssuerUrl}#support", "support"), (caller.Type, caller.Id, caller.Agent!.Name));
        Assert.Equal(new DelegationSubject("user", $"{IdentityKit.IssuerUrl}#alice"), caller.Delegation);
        Assert.Equal([$"{IdentityKit.IssuerUrl}#planner", $"{IdentityKit.IssuerUrl}#scheduler"], caller.NestedActors);
    }

    [Fact]
    public async Task Identify_TooManyActors_AreRefused()
    {
        var actors = Enumerable.Range(0, 9).Select(i => $"a{i}").ToArray();
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Token(request => request with { Actors = actors }));
        await _kit.AcceptAsync(_kit.Token(request => request with { Actors = actors[1..] }));
    }

    [Theory]
    [InlineData("\"support\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "sub": 7 }""")]
    [InlineData("""{ "sub": "support", "iss": "https://other.test" }""")]
    [InlineData("""{ "sub": "support", "act": "x" }""")]
    public async Task Identify_MalformedActor_IsRefused(string actor) => await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.TokenWith("act", JsonNode.Parse(actor)));

    [Fact]
    public async Task Identify_ClientIsTheAgent_MakesTheSubjectDelegating()
    {
        _kit.Issuer.Agent = "client_id";
        _kit.Reload();

        var caller = await _kit.AcceptAsync(_kit.Tokens.Sign(_kit.Request("alice", "support")));
        Assert.Equal(("agent", $"{IdentityKit.IssuerUrl}#support", "support"), (caller.Type, caller.Id, caller.Agent!.Name));
        Assert.Equal(new DelegationSubject("user", $"{IdentityKit.IssuerUrl}#alice"), caller.Delegation);
        Assert.Null((await _kit.AcceptAsync(_kit.Token())).Delegation);
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.Tokens.Sign(_kit.Request("alice", null)));
    }

    [Theory]
    [InlineData("spiffe://acme.test/agent/support", false, "https://issuer.acme.test#spiffe://acme.test/agent/support")]
    [InlineData("spiffe://acme.test/agent/support", true, "spiffe://acme.test/agent/support")]
    [InlineData("spiffe://other.test/agent/support", true, "https://issuer.acme.test#spiffe://other.test/agent/support")]
    [InlineData("spiffe://acme.test/agent/../admin", true, "https://issuer.acme.test#spiffe://acme.test/agent/../admin")]
    [InlineData("spiffe://ACME.test/agent/support", true, "https://issuer.acme.test#spiffe://ACME.test/agent/support")]
    public async Task Identify_SpiffeIdInAnIssuersToken_NeedsTheIssuersTrustDomains(string subject, bool listed, string id)
    {
        _kit.Issuer.TrustDomains = listed ? ["acme.test"] : [];
        _kit.Reload();

        Assert.Equal(id, (await _kit.AcceptAsync(_kit.Tokens.Sign(_kit.Request(subject, subject)))).Id);
    }

    [Fact]
    public async Task Identify_NamedClaims_AreVerifiedIntentAndPolicyClaims()
    {
        _kit.Issuer.Claims = new IntentClaimOptions { Task = "task", Purpose = "why" };
        _kit.Issuer.PolicyClaims = ["roles", "scope"];
        _kit.Reload();
        var extra = new JsonObject { ["task"] = "T-1", ["why"] = "refund", ["purpose"] = "other", ["roles"] = new JsonArray("a", 2), ["email"] = "x@acme.test" };

        var caller = await _kit.AcceptAsync(_kit.Token(request => request with { Extra = extra, Scope = "read" }));

        Assert.Equal(new VerifiedIntent("T-1", "refund"), caller.Intent);
        Assert.Equal("""{"roles":["a",2],"scope":"read"}""", RegoJson.Serialize(caller.Claims));
    }

    [Fact]
    public async Task Identify_IntentClaimsThatAreNotNamed_AreNotIntent() => Assert.Null((await _kit.AcceptAsync(_kit.TokenWith("task", "T-1"))).Intent);

    [Theory]
    [InlineData("7")]
    [InlineData("\"\"")]
    [InlineData("\"a\\u0000\"")]
    [InlineData("{}")]
    public async Task Identify_MalformedIntentClaim_IsRefused(string value)
    {
        _kit.Issuer.Claims = new IntentClaimOptions { Task = "task" };
        _kit.Reload();

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.TokenWith("task", JsonNode.Parse(value)));
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, _kit.TokenWith("task", new string('x', 257)));
    }

    [Fact]
    public async Task Identify_BoundToken_NeedsItsCertificate()
    {
        using var svid = _kit.Svid();
        using var other = _kit.Svid();
        var token = _kit.Token(request => request with { BoundTo = svid });

        Assert.Equal("mtls+jwt", (await _kit.AcceptAsync(token, svid)).Authentication);
        await _kit.RefuseAsync(ReasonCodes.TokenUnbound, token, other);
        await _kit.RefuseAsync(ReasonCodes.TokenUnbound, token);
    }

    [Theory]
    [InlineData("""{ "jkt": "x" }""")]
    [InlineData("""{ "jwk": {} }""")]
    [InlineData("""{ "x5t#S256": 7 }""")]
    [InlineData("""{ "x5t#S256": null }""")]
    [InlineData("""{}""")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    public async Task Identify_ProofThatCannotBeChecked_IsRefused(string confirmation)
    {
        using var svid = _kit.Svid();
        await _kit.RefuseAsync(ReasonCodes.TokenUnbound, _kit.TokenWith("cnf", JsonNode.Parse(confirmation)), svid);
    }

    [Fact]
    public async Task Identify_SecondProofBesideTheCertificates_IsRefused()
    {
        using var svid = _kit.Svid();
        var confirmation = (_kit.Request() with { BoundTo = svid }).ToClaims(_kit.Clock.GetUtcNow())["cnf"]!.DeepClone().AsObject();
        confirmation["jkt"] = "x";

        await _kit.RefuseAsync(ReasonCodes.TokenUnbound, _kit.TokenWith("cnf", confirmation), svid);
    }

    [Fact]
    public async Task Identify_UnboundTokenOfAnIssuerThatBinds_IsRefused()
    {
        _kit.Issuer.RequireBoundTokens = true;
        _kit.Reload();
        using var svid = _kit.Svid();

        await _kit.RefuseAsync(ReasonCodes.TokenUnbound, _kit.Token(), svid);
        await _kit.AcceptAsync(_kit.Token(request => request with { BoundTo = svid }), svid);
    }

    [Fact]
    public async Task Identify_CertificateAndTokenOfOneAgent_GiveTheCertificatesIdAndTheTokensFacts()
    {
        using var svid = _kit.Svid();
        var token = _kit.Tokens.Sign(_kit.Request("alice", "portal") with { Actors = ["support"], Scope = "read" });
        var context = IdentityKit.Context(token, svid);

        var caller = (await _kit.IdentifyAsync(context)).Caller!;

        Assert.Equal(("agent", IdentityKit.SupportId, "mtls+jwt"), (caller.Type, caller.Id, caller.Authentication));
        Assert.Equal($"{IdentityKit.IssuerUrl}#alice", caller.Delegation!.Id);
        Assert.Equal("""{"scope":"read"}""", RegoJson.Serialize(caller.Claims));
        Assert.NotNull(caller.Credential.CertificateSha256);
        Assert.NotNull(caller.Credential.TokenSha256);
        Assert.Equal(_kit.Clock.GetUtcNow() + TimeSpan.FromMinutes(15), caller.Credential.Expires, TimeSpan.FromSeconds(1));
        Assert.Same(caller, (await _kit.IdentifyAsync(context)).Caller);
    }

    [Theory]
    [InlineData("other", "other")]
    [InlineData("alice", "support")]
    [InlineData("support", "portal")]
    public async Task Identify_CertificateAndTokenOfDifferentAgents_AreRefused(string subject, string client)
    {
        using var svid = _kit.Svid();
        Assert.Equal("mtls+jwt", (await _kit.RefuseAsync(ReasonCodes.IdentityMismatch, _kit.Tokens.Sign(_kit.Request(subject, client)), svid)).Method);
    }

    [Fact]
    public async Task Identify_CertificateAndTokenOfUnregisteredAgents_AreRefused()
    {
        using var svid = _kit.Svid("spiffe://acme.test/agent/new");
        await _kit.RefuseAsync(ReasonCodes.IdentityMismatch, _kit.Tokens.Sign(_kit.Request("new", "new")), svid);
    }

    [Fact]
    public async Task Identify_SvidTokenWithItsOwnCertificate_IsAcceptedUnregistered()
    {
        using var svid = _kit.Svid("spiffe://acme.test/agent/new");
        Assert.Equal("mtls+jwt", (await _kit.AcceptAsync(SvidToken("spiffe://acme.test/agent/new"), svid)).Authentication);
        await _kit.RefuseAsync(ReasonCodes.IdentityMismatch, SvidToken("spiffe://acme.test/agent/other"), svid);
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("JOSE")]
    public async Task Identify_JwtSvid_GivesItsIdAndAgent(string type)
    {
        var caller = await _kit.AcceptAsync(SvidToken(IdentityKit.SupportId, request => request with { TokenType = type }));
        Assert.Equal(("agent", IdentityKit.SupportId, "jwt_svid", "support"), (caller.Type, caller.Id, caller.Authentication, caller.Agent!.Name));
    }

    [Fact]
    public async Task Identify_BadJwtSvid_IsRefused()
    {
        foreach (var token in new[]
        {
            SvidToken(IdentityKit.SupportId, request => request with { TokenType = "at+jwt" }),
            SvidToken(IdentityKit.SupportId, request => request with { Actors = ["x"] }),
            SvidToken(IdentityKit.SupportId, request => request with { Lifetime = TimeSpan.FromDays(2) }),
            SvidToken("spiffe://other.test/agent/x"),
            SvidToken("spiffe://acme.test"),
            _kit.Tokens.Sign(_kit.Request(IdentityKit.SupportId, null) with { Issuer = null, TokenType = "JWT" }),
            _kit.SvidTokens.Sign(Claims(), new Dictionary<string, object> { ["typ"] = "wit+jwt" }),
        })
        {
            await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token);
        }

        await _kit.RefuseAsync(ReasonCodes.TokenAudience, SvidToken(IdentityKit.SupportId, request => request with { Audiences = ["other"] }));
        await _kit.AcceptAsync(SvidToken(IdentityKit.SupportId, request => request with { Audiences = [$"{IdentityKit.PublicUrl}/tools/crm"] }), tool: IdentityKit.Tool());
    }

    [Fact]
    public async Task Identify_JwtSvidWithoutKeyId_IsRefused()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(_kit.SvidTokens.KeyPem());
        var refusal = await _kit.RefuseAsync(ReasonCodes.TokenInvalid, Forge.Token(new JsonObject { ["alg"] = "ES256" }, Claims(), key));
        Assert.Equal(("jwt_svid", "the token's header has no 'kid'"), (refusal.Method, refusal.Detail));
    }

    [Theory]
    [InlineData("any", true, false, true)]
    [InlineData("any", false, true, true)]
    [InlineData("mtls", true, false, true)]
    [InlineData("mtls", false, true, false)]
    [InlineData("jwt", true, false, false)]
    [InlineData("jwt", false, true, true)]
    [InlineData("both", true, false, false)]
    [InlineData("both", false, true, false)]
    [InlineData("both", true, true, true)]
    [InlineData("mtls", true, true, true)]
    [InlineData("jwt", true, true, true)]
    [InlineData("unheard-of", true, false, false)]
    public async Task Identify_ToolsRequirement_IsMetOrRefused(string authentication, bool hasCertificate, bool hasToken, bool accepted)
    {
        using var svid = _kit.Svid();
        X509Certificate2? certificate = hasCertificate ? svid : null;
        var (token, tool) = (hasToken ? _kit.Token() : null, IdentityKit.Tool(authentication: authentication));
        if (accepted)
            await _kit.AcceptAsync(token, certificate, tool);
        else
            Assert.Null((await _kit.RefuseAsync(ReasonCodes.CredentialRequired, token, certificate, tool)).ChallengeError);
    }

    private string SvidToken(string id, Func<DevTokenRequest, DevTokenRequest>? change = null)
    {
        var request = _kit.Request(id, null) with { Issuer = null, TokenType = "JWT" };
        return _kit.SvidTokens.Sign(change is null ? request : change(request));
    }

    private JsonObject Claims() => (_kit.Request(IdentityKit.SupportId, null) with { Issuer = null }).ToClaims(_kit.Clock.GetUtcNow());
}
