using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement;
using ToolGateway.Identity;

namespace ToolGateway.Tests.Identity;

/// <summary>Where credentials stand in a request, and what a refused caller is told.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly IdentityKit _kit = new();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public async Task Identify_NoCredential_IsChallengedWithoutErrorCode()
    {
        var refusal = await _kit.RefuseAsync(ReasonCodes.CredentialMissing);

        Assert.Equal(("none", null), (refusal.Method, refusal.ChallengeError));
        Assert.Equal(
            "Bearer resource_metadata=\"https://gateway.acme.test/.well-known/oauth-protected-resource/tools/crm\"",
            Challenge.For(refusal, IdentityKit.Tool(), IdentityKit.PublicUrl));
        Assert.Equal("Bearer", Challenge.For(refusal, null, null));
    }

    [Fact]
    public async Task Challenge_BadToken_SaysWhatIsWrong()
    {
        var refusal = await _kit.RefuseAsync(ReasonCodes.TokenInvalid, "x");

        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"the token is not a signed JWT in compact form\", "
                + "resource_metadata=\"https://gateway.acme.test:8443/.well-known/oauth-protected-resource/base/tools/crm\"",
            Challenge.For(refusal, IdentityKit.Tool(), "https://gateway.acme.test:8443/base"));
    }

    [Fact]
    public void Challenge_DetailWithQuotes_StaysOneParameter() => Assert.Equal(
        "Bearer error=\"invalid_token\", error_description=\"a' b'c'd\"",
        Challenge.For(new IdentityRefusal(401, "r", "jwt", "a\" b\\c\nd", "invalid_token"), null, null));

    [Theory]
    [InlineData("?access_token=x")]
    [InlineData("?a=b&access_token=x")]
    [InlineData("?Access_Token=x")]
    [InlineData("?acc%65ss_token=x")]
    [InlineData("?access_token")]
    public async Task Identify_TokenInTheQuery_Is400EvenBesideAGoodOne(string query)
    {
        var context = IdentityKit.Context(_kit.Token());
        context.Request.QueryString = new QueryString(query);

        var refusal = (await _kit.IdentifyAsync(context)).Refusal!;

        Assert.Equal((400, ReasonCodes.CredentialInQuery, "invalid_request"), (refusal.Status, refusal.Reason, refusal.ChallengeError));
    }

    [Fact]
    public async Task Identify_OtherQuery_IsNoMatter()
    {
        var context = IdentityKit.Context(_kit.Token());
        context.Request.QueryString = new QueryString("?my_access_token=x&access=y");
        Assert.NotNull((await _kit.IdentifyAsync(context)).Caller);
    }

    [Fact]
    public async Task Identify_TwoAuthorizationHeaders_Are400()
    {
        var context = IdentityKit.Context();
        context.Request.Headers.Authorization = new[] { $"Bearer {_kit.Token()}", $"Bearer {_kit.Token()}" };

        var refusal = (await _kit.IdentifyAsync(context)).Refusal!;

        Assert.Equal((400, ReasonCodes.TokenInvalid, "invalid_request"), (refusal.Status, refusal.Reason, refusal.ChallengeError));
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("DPoP x")]
    [InlineData("Bearer")]
    [InlineData("Bearerx y")]
    [InlineData("Bearer\tx")]
    [InlineData("")]
    public async Task Identify_AnotherScheme_IsRefusedEvenBesideACertificate(string header)
    {
        using var svid = _kit.Svid();
        var context = IdentityKit.Context(certificate: svid);
        context.Request.Headers.Authorization = header;

        Assert.Equal(ReasonCodes.TokenInvalid, (await _kit.IdentifyAsync(context)).Refusal!.Reason);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task Identify_SchemeInAnotherCase_IsTheSame(string scheme)
    {
        var context = IdentityKit.Context();
        context.Request.Headers.Authorization = $"{scheme}  {_kit.Token()} ";
        Assert.NotNull((await _kit.IdentifyAsync(context)).Caller);
    }

    [Fact]
    public async Task Metadata_KnownTool_NamesResourceAndIssuers()
    {
        var (served, context, body) = await MetadataAsync("GET", "/.well-known/oauth-protected-resource/tools/crm");

        Assert.True(served);
        Assert.Equal(200, context.Response.StatusCode);
        var document = JsonNode.Parse(body)!;
        Assert.Equal("https://gateway.acme.test/tools/crm", (string)document["resource"]!);
        Assert.Equal([IdentityKit.IssuerUrl], document["authorization_servers"]!.AsArray().Select(issuer => (string)issuer!));
        Assert.Equal("""["header"]""", document["bearer_methods_supported"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/tools/other")]
    [InlineData("/.well-known/oauth-protected-resource/tools/")]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/tools/crm/x")]
    [InlineData("/tools/crm")]
    public async Task Metadata_AnythingElse_IsNotServed(string path) => Assert.False((await MetadataAsync("GET", path)).Served);

    [Fact]
    public async Task Metadata_OtherMethod_Is405()
    {
        var (served, context, _) = await MetadataAsync("POST", "/.well-known/oauth-protected-resource/tools/crm");
        Assert.True(served);
        Assert.Equal((405, "GET, HEAD"), (context.Response.StatusCode, context.Response.Headers.Allow.ToString()));
    }

    private async Task<(bool Served, HttpContext Context, string Body)> MetadataAsync(string method, string path)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path) = (method, path);
        var body = new MemoryStream();
        context.Response.Body = body;
        var served = await IdentityEndpoints.TryServeMetadata(context, _kit.Snapshot);
        return (served, context, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
