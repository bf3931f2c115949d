using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ToolGateway.Host.Dev;

/// <summary>A token issuer for trying things out and for tests: one P-256 key, its JWK Set, and tokens signed with it.</summary>
internal sealed class DevTokens : IDisposable
{
    private readonly ECDsa _key;
    private readonly TimeProvider _clock;

    private DevTokens(ECDsa key, TimeProvider clock)
    {
        _key = key;
        _clock = clock;
        KeyId = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(ThumbprintInput(key))));
    }

    /// <summary>RFC 7638 thumbprint of the key.</summary>
    public string KeyId { get; }

    public static DevTokens Create(TimeProvider? clock = null) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), clock ?? TimeProvider.System);

    /// <summary>Goes on with the key of an earlier run.</summary>
    public static DevTokens Load(string keyPem, TimeProvider? clock = null)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(keyPem);
        return new DevTokens(key, clock ?? TimeProvider.System);
    }

    public string KeyPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>The public key as a JWK; <paramref name="use"/> is <c>sig</c>, or <c>jwt-svid</c> in a SPIFFE bundle.</summary>
    public JsonObject PublicJwk(string use = "sig")
    {
        var jwk = new JsonObject { ["use"] = use, ["kid"] = KeyId, ["alg"] = "ES256" };
        DescribeKey(jwk, _key);
        return jwk;
    }

    /// <summary>The JWK Set of this issuer and of <paramref name="others"/>.</summary>
    public string JwksJson(params DevTokens[] others)
    {
        var keys = new JsonArray(PublicJwk());
        foreach (var other in others)
            keys.Add(other.PublicJwk());
        return new JsonObject { ["keys"] = keys }.ToJsonString(DevFiles.Indented);
    }

    /// <summary>A signed token with the claims of <paramref name="request"/>.</summary>
    public string Sign(DevTokenRequest request)
    {
        var claims = request.ToClaims(_clock.GetUtcNow());
        return Sign(claims, new Dictionary<string, object> { ["typ"] = request.TokenType });
    }

    /// <summary>A signed token with exactly these claims and these header members beside <c>alg</c> and <c>kid</c>.</summary>
    public string Sign(JsonObject claims, IDictionary<string, object> header)
    {
        var credentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = KeyId }, SecurityAlgorithms.EcdsaSha256)
        {
            // A cached signer would outlive the key.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(claims.ToJsonString(), credentials, header);
    }

    public void Dispose() => _key.Dispose();

    internal static void DescribeKey(JsonObject jwk, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        jwk["kty"] = "EC";
        jwk["crv"] = "P-256";
        jwk["x"] = Base64UrlEncoder.Encode(point.X);
        jwk["y"] = Base64UrlEncoder.Encode(point.Y);
    }

    private static string ThumbprintInput(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"crv":"P-256","kty":"EC","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}""";
    }
}
