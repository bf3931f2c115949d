using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;

namespace ToolGateway.Tests.Identity;

public sealed class TokenTests : IDisposable
{
    private readonly IdentityKit _kit = new();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public async Task Identify_AgentsToken_GivesIssuerAndValueAsId()
    {
        var caller = await _kit.AcceptAsync(_kit.Token());

        Assert.Equal(("agent", $"{IdentityKit.IssuerUrl}#support", "jwt", "support"), (caller.Type, caller.Id, caller.Authentication, caller.Agent!.Name));
        Assert.Equal(IdentityKit.IssuerUrl, caller.Issuer);
        Assert.NotNull(caller.Credential.JwtId);
        Assert.Equal(64, caller.Credential.TokenSha256!.Length);
        Assert.Equal(_kit.Clock.GetUtcNow() + TimeSpan.FromMinutes(15), caller.Credential.Expires, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("application/at+jwt")]
    [InlineData("AT+JWT")]
    public async Task Identify_AccessTokenType_IsAccepted(string type) => await _kit.AcceptAsync(_kit.Token(request => request with { TokenType = type }));

    [Theory]
    [InlineData("JWT")]
    [InlineData("dpop+jwt")]
    [InlineData("")]
    public async Task Identify_AnotherType_IsRefused(string type) =>
        await RefusedAsync(Resign(header => header["typ"] = type), "'typ'");

    [Fact]
    public async Task Identify_NoType_IsRefused() => await RefusedAsync(Resign(header => header.Remove("typ")), "'typ'");

    [Fact]
    public async Task Identify_TypeOfTheIssuer_ReplacesTheDefault()
    {
        _kit.Issuer.Types = ["JWT"];
        _kit.Reload();

        await RefusedAsync(_kit.Token(), "'typ'");
        await _kit.AcceptAsync(_kit.Token(request => request with { TokenType = "JWT" }));
    }

    [Theory]
    [InlineData("crit", """["exp"]""")]
    [InlineData("jwk", """{ "kty": "EC" }""")]
    [InlineData("jku", "\"https://evil.test/jwks.json\"")]
    [InlineData("x5c", "[]")]
    [InlineData("x5u", "\"https://evil.test/x\"")]
    [InlineData("b64", "false")]
    [InlineData("enc", "\"A256GCM\"")]
    [InlineData("zip", "\"DEF\"")]
    public async Task Identify_HeaderMemberOfTheSender_IsRefused(string name, string value) =>
        await RefusedAsync(Resign(header => header[name] = JsonNode.Parse(value)), $"'{name}'");

    [Fact]
    public async Task Identify_HeaderWithTwoAlgorithms_IsRefused()
    {
        var header = $$"""{"alg":"none","alg":"ES256","kid":"{{_kit.Tokens.KeyId}}","typ":"at+jwt"}""";
        using var key = Key(_kit.Tokens);
        await RefusedAsync(Forge.Token(header, Payload().ToJsonString(), data => key.SignData(data, HashAlgorithmName.SHA256)), "compact form");
    }

    [Fact]
    public async Task Identify_NoSignature_IsRefused()
    {
        var (header, payload) = ("""{"alg":"none","typ":"at+jwt"}""", Payload().ToJsonString());
        await RefusedAsync($"{Forge.Encode(header)}.{Forge.Encode(payload)}.", "compact form");
        await RefusedAsync($"{Forge.Encode(header)}.{Forge.Encode(payload)}.AA", "algorithm");
        await RefusedAsync($"{Forge.Encode(header)}.{Forge.Encode(payload)}", "compact form");
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("hs256")]
    [InlineData("HS512")]
    public async Task Identify_SymmetricSignatureWithThePublicKey_IsRefused(string algorithm)
    {
        using var key = Key(_kit.Tokens);
        var header = $$"""{"alg":"{{algorithm}}","kid":"{{_kit.Tokens.KeyId}}","typ":"at+jwt"}""";
        var token = Forge.Token(header, Payload().ToJsonString(), data => HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), data));
        await RefusedAsync(token, "algorithm");
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Identify_AlgorithmThatTheKeyIsNotFor_IsRefused(string algorithm) =>
        await RefusedAsync(Resign(header => header["alg"] = algorithm), "key is not known");

    [Fact]
    public async Task Identify_AlgorithmOffTheIssuersList_IsRefused()
    {
        _kit.Issuer.Algorithms = ["RS256"];
        _kit.Reload();

        await RefusedAsync(_kit.Token(), "algorithm");
    }

    [Fact]
    public async Task Identify_ChangedClaim_IsRefused()
    {
        var parts = _kit.Token().Split('.');
        var payload = Payload();
        payload["sub"] = "admin";
        payload["client_id"] = "admin";
        await RefusedAsync($"{parts[0]}.{Forge.Encode(payload.ToJsonString())}.{parts[2]}", "signature");
    }

    [Fact]
    public async Task Identify_AnotherKeyUnderTheSameKeyId_IsRefused()
    {
        using var evil = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync(Forge.Token(Header(), Payload(), evil), "signature");
    }

    [Fact]
    public async Task Identify_KeyOfATrustDomainUnderAnIssuer_IsRefused() => await RefusedAsync(_kit.SvidTokens.Sign(_kit.Request()), "key is not known");

    [Fact]
    public async Task Identify_NoKeyIdWithOneKey_IsAccepted() => await _kit.AcceptAsync(Resign(header => header.Remove("kid")));

    [Fact]
    public async Task Identify_NoKeyIdWithTwoKeys_IsRefused()
    {
        _kit.Write("jwks.json", _kit.Tokens.JwksJson(_kit.SvidTokens));
        _kit.Reload();

        await RefusedAsync(Resign(header => header.Remove("kid")), "key is not known");
    }

    [Fact]
    public async Task Identify_RsaKey_IsAcceptedWithEveryRsaAlgorithm()
    {
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        var jwk = new JsonObject { ["kty"] = "RSA", ["kid"] = "r1", ["n"] = Base64UrlEncoder.Encode(parameters.Modulus), ["e"] = Base64UrlEncoder.Encode(parameters.Exponent) };
        _kit.Write("jwks.json", new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString());
        _kit.Reload();
        foreach (var (algorithm, hash, padding) in new[]
        {
            ("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), ("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            ("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss), ("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        })
        {
            var header = $$"""{"alg":"{{algorithm}}","kid":"r1","typ":"at+jwt"}""";
            await _kit.AcceptAsync(Forge.Token(header, Payload().ToJsonString(), data => rsa.SignData(data, hash, padding)));
        }
    }

    [Fact]
    public async Task Identify_UnknownIssuer_IsRefused() =>
        await RefusedAsync(_kit.Token(request => request with { Issuer = "https://issuer.acme.test/" }), "issuer");

    [Fact]
    public async Task Identify_Expired_IsRefusedWithItsOwnReason()
    {
        var token = _kit.Token();
        await _kit.AcceptAsync(token);
        _kit.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal("invalid_token", (await _kit.RefuseAsync(ReasonCodes.TokenExpired, token)).ChallengeError);
        await _kit.RefuseAsync(ReasonCodes.TokenExpired, _kit.TokenWith("exp", _kit.Clock.GetUtcNow().ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("exp", null, "'exp' and 'iat'")]
    [InlineData("iat", null, "'exp' and 'iat'")]
    [InlineData("iat", 40, "future")]
    [InlineData("nbf", 40, "not valid yet")]
    [InlineData("iat", -3000, "lifetime")]
    public async Task Identify_BadTimes_AreRefused(string claim, int? offset, string detail)
    {
        var claims = Payload();
        claims.Remove(claim);
        if (offset is { } seconds)
            claims[claim] = _kit.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds;
        await RefusedAsync(Sign(claims), detail);
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("client_id")]
    [InlineData("jti")]
    public async Task Identify_AccessTokenWithoutARequiredClaim_IsRefused(string claim)
    {
        var claims = Payload();
        claims.Remove(claim);
        await RefusedAsync(Sign(claims), $"no '{claim}'");
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("jti")]
    public async Task Identify_OtherTypeWithoutAClaimOfAccessTokens_IsAccepted(string claim)
    {
        _kit.Issuer.Types = ["JWT"];
        _kit.Reload();
        var claims = Payload();
        claims.Remove(claim);
        using var key = Key(_kit.Tokens);
        var header = Header();
        header["typ"] = "JWT";

        await _kit.AcceptAsync(Forge.Token(header, claims, key));
    }

    [Theory]
    [InlineData("iat")]
    [InlineData("nbf")]
    public async Task Identify_SignersClockALittleAhead_IsAccepted(string claim) =>
        await _kit.AcceptAsync(_kit.TokenWith(claim, _kit.Clock.GetUtcNow().ToUnixTimeSeconds() + 20));

    [Theory]
    [InlineData("exp", "\"tomorrow\"")]
    [InlineData("exp", "1e400")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "253402300800")]
    [InlineData("iat", "{}")]
    [InlineData("sub", "7")]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "null")]
    [InlineData("sub", "\"a\\nb\"")]
    [InlineData("sub", "\"\\ud800\"")]
    [InlineData("client_id", "[]")]
    [InlineData("iss", "[]")]
    [InlineData("aud", "7")]
    [InlineData("aud", "[7]")]
    public async Task Identify_ClaimOfTheWrongKind_IsRefused(string claim, string value)
    {
        var payload = Payload();
        payload.Remove(claim);
        var text = payload.ToJsonString();
        using var key = Key(_kit.Tokens);
        await RefusedAsync(Forge.Token(Header().ToJsonString(), $"{text[..^1]},\"{claim}\":{value}}}", data => key.SignData(data, HashAlgorithmName.SHA256)), "malformed");
    }

    [Fact]
    public async Task Identify_SameClaimTwice_IsRefused()
    {
        using var key = Key(_kit.Tokens);
        var text = Payload().ToJsonString();
        await RefusedAsync(Forge.Token(Header().ToJsonString(), $"{text[..^1]},\"sub\":\"admin\"}}", data => key.SignData(data, HashAlgorithmName.SHA256)), "malformed");
    }

    [Theory]
    [InlineData("tool-gateway", true)]
    [InlineData("https://gateway.acme.test/tools/crm", true)]
    [InlineData("https://gateway.acme.test/tools/crm/", false)]
    [InlineData("https://gateway.acme.test/tools/files", false)]
    [InlineData("https://gateway.acme.test/tools/", false)]
    [InlineData("https://gateway.acme.test", false)]
    [InlineData("https://gateway.evil.test/tools/crm", false)]
    [InlineData("Tool-Gateway", false)]
    public async Task Identify_Audience_IsTheIssuersOrTheCalledTools(string audience, bool accepted)
    {
        var token = _kit.Token(request => request with { Audiences = ["other", audience] });
        foreach (var _ in new[] { "new", "remembered" })
        {
            if (accepted)
                await _kit.AcceptAsync(token, tool: IdentityKit.Tool());
            else
                await _kit.RefuseAsync(ReasonCodes.TokenAudience, token, tool: IdentityKit.Tool());
        }
    }

    [Fact]
    public async Task Identify_ToolsAudience_IsNoOtherTools()
    {
        var token = _kit.Token(request => request with { Audiences = ["https://gateway.acme.test/tools/crm"] });

        await _kit.AcceptAsync(token, tool: IdentityKit.Tool());
        await _kit.RefuseAsync(ReasonCodes.TokenAudience, token, tool: IdentityKit.Tool("files"));
        await _kit.RefuseAsync(ReasonCodes.TokenAudience, token);
    }

    [Fact]
    public async Task Identify_NoAudience_IsRefused()
    {
        var claims = Payload();
        claims.Remove("aud");
        await _kit.RefuseAsync(ReasonCodes.TokenAudience, Sign(claims));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("e30.e30.AA==")]
    [InlineData("e30.e30.é")]
    [InlineData("e30.e30.AA, Bearer x")]
    [InlineData("bnVsbA.e30.AA")]
    public async Task Identify_NoToken_IsRefused(string token) => await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token);

    [Fact]
    public async Task Identify_TooLongToken_IsRefused()
    {
        var token = _kit.TokenWith("pad", new string('x', 13_000));
        Assert.True(token.Length > 16 << 10);
        Assert.Contains("longer", (await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token)).Detail, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string token, string detail)
    {
        var refusal = await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token);
        Assert.Contains(detail, refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(("jwt", "invalid_token"), (refusal.Method, refusal.ChallengeError));
        Assert.Equal(0, _kit.RememberedCount);
    }

    private JsonObject Header() => new() { ["alg"] = "ES256", ["kid"] = _kit.Tokens.KeyId, ["typ"] = "at+jwt" };

    private JsonObject Payload() => _kit.Request().ToClaims(_kit.Clock.GetUtcNow());

    private string Sign(JsonObject claims)
    {
        using var key = Key(_kit.Tokens);
        return Forge.Token(Header(), claims, key);
    }

    private string Resign(Action<JsonObject> change)
    {
        var header = Header();
        change(header);
        using var key = Key(_kit.Tokens);
        return Forge.Token(header, Payload(), key);
    }

    private static ECDsa Key(DevTokens tokens)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(tokens.KeyPem());
        return key;
    }
}
