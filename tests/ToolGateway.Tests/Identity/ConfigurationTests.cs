using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;
using ToolGateway.Identity;

namespace ToolGateway.Tests.Identity;

/// <summary>Options, bundles and key files: every fault is named with its key, and changes nothing that works.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly IdentityKit _kit = new();

    public static TheoryData<string, string, string> IssuerFaults => new()
    {
        { "issuer missing", "Issuer", "iss" },
        { "issuer http", "Issuer", "https" },
        { "issuer query", "Issuer", "query" },
        { "issuer fragment", "Issuer", "fragment" },
        { "issuer relative", "Issuer", "https" },
        { "audience missing", "Audience", "audience" },
        { "no keys", "", "exactly one of" },
        { "two keys", "", "exactly one of" },
        { "keys http", "JwksUri", "https" },
        { "metadata http", "MetadataAddress", "https" },
        { "keys missing", "JwksPath", "does not exist" },
        { "algorithm", "Algorithms", "RS256" },
        { "type", "Types", "at+jwt" },
        { "lifetime", "MaxLifetime", "positive" },
        { "agent", "Agent", "client_id" },
        { "trust domain", "TrustDomains", "a-z" },
        { "intent claim", "Claims", "name the claim" },
        { "policy claim", "PolicyClaims", "policies may see" },
    };

    public void Dispose() => _kit.Dispose();

    [Fact]
    public void Load_Standard_HasNoErrors() => Assert.Empty(_kit.Errors());

    [Theory]
    [MemberData(nameof(IssuerFaults))]
    public void Load_FaultyIssuer_NamesKeyAndRepair(string fault, string key, string repair)
    {
        Break(_kit.Issuer, fault);
        var error = Assert.Single(_kit.Errors());
        Assert.Equal(key.Length == 0 ? "ToolGateway:Identity:Issuers:idp" : $"ToolGateway:Identity:Issuers:idp:{key}", error.Key);
        Assert.Contains(repair, error.Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NameOfAnIssuer_MustBeAName()
    {
        _kit.Options.Identity.Issuers["a b"] = new IssuerOptions { Issuer = "https://b.test", Audience = "a", JwksPath = "jwks.json" };
        Assert.Equal("ToolGateway:Identity:Issuers:a b", Assert.Single(_kit.Errors()).Key);
    }

    [Fact]
    public void Load_IssuerOnLoopback_MayUseHttp()
    {
        _kit.Issuer.Issuer = "http://localhost:5000";
        Assert.Empty(_kit.Errors());
    }

    [Fact]
    public void Load_SameIssuerTwice_IsAnError()
    {
        _kit.Options.Identity.Issuers["again"] = new IssuerOptions { Issuer = IdentityKit.IssuerUrl, Audience = "x", JwksPath = "jwks.json" };
        Assert.Contains("same issuer", Assert.Single(_kit.Errors()).Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralFaults_AreAllReported()
    {
        Break(_kit.Issuer, "lifetime");
        Break(_kit.Issuer, "agent");
        _kit.Options.Identity.TrustDomains["acme.test"].BundlePath = "missing.json";
        Assert.Equal(3, _kit.Errors().Count);
    }

    [Theory]
    [InlineData("", "JWK Set")]
    [InlineData("[]", "JWK Set")]
    [InlineData("""{ "keys": [ { "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" } ] }""", "key 0 is not a well-formed")]
    [InlineData("""{ "keys": [ { "kty": "RSA", "n": "AQAB", "e": "AQAB" } ] }""", "key 0")]
    [InlineData("""{ "keys": [ { "kty": "oct", "k": "AAAA" }, { "kty": "EC", "use": "enc" } ] }""", "no key in it verifies signatures")]
    [InlineData("{ \"keys\": [", "line 1, column 12")]
    [InlineData("""{ "keys": [ { "kty": "EC", "crv": "P-256", "d": "AA" } ] }""", "private key")]
    [InlineData("""{ "keys": [ { "use": "\ud800" } ] }""", "not Unicode")]
    public void Load_BadJwksFile_SaysWhatIsWrong(string content, string repair)
    {
        _kit.Write("jwks.json", content);
        var error = Assert.Single(_kit.Errors());
        Assert.Equal(("ToolGateway:Identity:Issuers:idp:JwksPath", "jwks.json"), (error.Key, error.Value));
        Assert.Contains(repair, error.Repair, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_KeysForOtherPurposes_AreLeftOut()
    {
        var keys = JsonNode.Parse(_kit.Tokens.JwksJson())!;
        keys["keys"]!.AsArray().Add(new JsonObject { ["kty"] = "oct", ["k"] = "AA" });
        keys["keys"]!.AsArray().Add(new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = "AA" });
        using var encryption = DevTokens.Create(_kit.Clock);
        keys["keys"]!.AsArray().Add(encryption.PublicJwk("enc"));
        using var signing = DevTokens.Create(_kit.Clock);
        var onlySigns = signing.PublicJwk();
        onlySigns["key_ops"] = new JsonArray("sign");
        keys["keys"]!.AsArray().Add(onlySigns);
        _kit.Write("jwks.json", keys.ToJsonString());
        _kit.Reload();

        await _kit.AcceptAsync(_kit.Token());
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, encryption.Sign(_kit.Request()));
        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, signing.Sign(_kit.Request()));
    }

    [Fact]
    public void Load_ShortRsaKey_IsAnError()
    {
        using var rsa = RSA.Create(1024);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        var jwk = new JsonObject { ["kty"] = "RSA", ["n"] = Encode(parameters.Modulus!), ["e"] = Encode(parameters.Exponent!) };
        _kit.Write("jwks.json", new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString());

        Assert.Contains("2048", Assert.Single(_kit.Errors()).Repair, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no certificate")]
    [InlineData("nothing", "no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    [InlineData("{ }", "'keys' is missing")]
    [InlineData("""{ "keys": 1 }""", "'keys' is missing")]
    [InlineData("""{ "keys": [], "keys": [] }""", "SPIFFE bundle")]
    [InlineData("""{ "keys": [ { "use": "x509-svid" } ] }""", "exactly one certificate")]
    [InlineData("""{ "keys": [ { "use": "x509-svid", "x5c": [ "AA", "AA" ] } ] }""", "exactly one certificate")]
    [InlineData("""{ "keys": [ { "use": "x509-svid", "x5c": [ "AAAA" ] } ] }""", "cannot be read")]
    [InlineData("""{ "keys": [ { "use": "jwt-svid", "kid": "a", "kty": "oct" } ] }""", "jwt-svid")]
    public void Load_BadBundle_SaysWhatIsWrong(string content, string repair)
    {
        _kit.Write("acme.json", content);
        var error = Assert.Single(_kit.Errors());
        Assert.Equal(("ToolGateway:Identity:TrustDomains:acme.test:BundlePath", "acme.json"), (error.Key, error.Value));
        Assert.Contains(repair, error.Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BundleWithTwoTokenKeysOfOneName_IsAnError()
    {
        _kit.Write("acme.json", _kit.Authority.BundleJson(2, _kit.SvidTokens, _kit.SvidTokens));
        Assert.Contains("kid of its own", Assert.Single(_kit.Errors()).Repair, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Load_BundleWithAnythingButRootAuthorities_IsAnError(bool signedByItself, bool isAuthority)
    {
        var shape = new CertificateShape { Subject = "CN=x", IsAuthority = isAuthority };
        using var certificate = Forge.Certificate(signedByItself ? null : _kit.Authority.Authority, _kit.Clock.GetUtcNow(), shape);
        _kit.Write("other.pem", certificate.ExportCertificatePem());

        Assert.Contains("'CN=x' is not a root authority", Assert.Single(_kit.Errors()).Repair, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_BundleWithKeysOfUnknownUse_IgnoresThem()
    {
        _kit.Write("acme.json", """{ "spiffe_sequence": 5, "keys": [ { "use": "wit-svid" }, { "kty": "EC" } ] }""");
        _kit.Reload();
        using var svid = _kit.Svid();
        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: svid);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, false)]
    public void Load_SequenceOfABundle_NeverGoesBack(long next, bool isError)
    {
        _kit.Write("acme.json", _kit.Authority.BundleJson(5));
        _kit.Reload();

        _kit.Write("acme.json", _kit.Authority.BundleJson(next, _kit.SvidTokens));

        var errors = _kit.Errors();
        Assert.Equal(isError, errors.Count > 0);
        Assert.All(errors, error => Assert.Contains("went back from 5 to 4", error.Repair, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_SequenceLeftAwayInBetween_StillNeverGoesBack()
    {
        _kit.Write("acme.json", _kit.Authority.BundleJson(5));
        _kit.Reload();
        _kit.Write("acme.json", """{ "keys": [] }""");
        _kit.Reload();

        _kit.Write("acme.json", _kit.Authority.BundleJson(4));

        Assert.Contains("went back", Assert.Single(_kit.Errors()).Repair, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Acme.test")]
    [InlineData("acme test")]
    public void Load_BadTrustDomain_IsAnError(string name)
    {
        _kit.Options.Identity.TrustDomains[name] = new TrustDomainOptions { BundlePath = "other.pem" };
        Assert.Contains("a-z", Assert.Single(_kit.Errors()).Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FaultyTrustDomain_NamesTheKey()
    {
        var domain = _kit.Options.Identity.TrustDomains["acme.test"];
        (domain.MaxLifetime, domain.Audience, domain.BundlePath) = (TimeSpan.Zero, " ", null);
        Assert.Equal(["MaxLifetime", "Audience", "BundlePath"], _kit.Errors().Select(error => error.Key.Split(':')[^1]));
    }

    [Fact]
    public void Load_TokensWithoutPublicUrl_IsAnError()
    {
        _kit.Options.Identity.Issuers.Clear();
        _kit.Options.PublicUrl = null;
        Assert.Equal("ToolGateway:PublicUrl", Assert.Single(_kit.Errors()).Key);
    }

    [Fact]
    public async Task Reload_NewKeyFile_EndsRememberedTokens()
    {
        var token = _kit.Token();
        await _kit.AcceptAsync(token);
        Assert.Equal(1, _kit.RememberedCount);

        _kit.Write("jwks.json", _kit.SvidTokens.JwksJson());
        _kit.Reload();

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token);
    }

    [Fact]
    public async Task Reload_IssuerTakenAway_EndsRememberedTokens()
    {
        var token = _kit.Token();
        await _kit.AcceptAsync(token);

        _kit.Options.Identity.Issuers.Clear();
        _kit.Reload();

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token);
    }

    [Fact]
    public async Task Reload_StricterIssuer_EndsRememberedTokens()
    {
        var token = _kit.Token();
        await _kit.AcceptAsync(token);

        _kit.Issuer.MaxLifetime = TimeSpan.FromMinutes(1);
        _kit.Reload();

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token);
    }

    [Fact]
    public async Task Reload_RevokedBundle_EndsRememberedJwtSvids()
    {
        var token = _kit.SvidTokens.Sign(_kit.Request(IdentityKit.SupportId, null) with { Issuer = null, TokenType = "JWT" });
        await _kit.AcceptAsync(token);

        _kit.Write("acme.json", """{ "spiffe_sequence": 2, "keys": [] }""");
        _kit.Reload();

        await _kit.RefuseAsync(ReasonCodes.TokenInvalid, token);
    }

    private static void Break(IssuerOptions options, string fault)
    {
        switch (fault)
        {
            case "issuer missing": options.Issuer = null; break;
            case "issuer http": options.Issuer = "http://issuer.acme.test"; break;
            case "issuer query": options.Issuer = "https://issuer.acme.test?x"; break;
            case "issuer fragment": options.Issuer = "https://issuer.acme.test#x"; break;
            case "issuer relative": options.Issuer = "issuer"; break;
            case "audience missing": options.Audience = " "; break;
            case "no keys": options.JwksPath = null; break;
            case "two keys": options.JwksUri = "https://issuer.acme.test/jwks"; break;
            case "keys http": (options.JwksPath, options.JwksUri) = (null, "http://issuer.acme.test/jwks"); break;
            case "metadata http": (options.JwksPath, options.MetadataAddress) = (null, "ftp://issuer.acme.test/x"); break;
            case "keys missing": options.JwksPath = "missing.json"; break;
            case "algorithm": options.Algorithms = ["RS256", "HS256"]; break;
            case "type": options.Types = [""]; break;
            case "lifetime": options.MaxLifetime = TimeSpan.Zero; break;
            case "agent": options.Agent = "sub"; break;
            case "trust domain": options.TrustDomains = ["Acme"]; break;
            case "intent claim": options.Claims.Task = ""; break;
            case "policy claim": options.PolicyClaims = [" "]; break;
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, null);
        }
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
