using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;
using ToolGateway.Tests.Identity;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>Tokens that no honest issuer signs, or that are not for this caller.</summary>
internal static class TokenAttempts
{
    public static IEnumerable<Attempt> All { get; } = [.. Headers(), .. Signatures(), .. Claims(), .. Forms()];

    private static IEnumerable<Attempt> Headers() =>
    [
        Header("alg none", header => header["alg"] = "none"),
        Header("alg NoNe", header => header["alg"] = "NoNe"),
        Header("no alg", header => header.Remove("alg")),
        Header("alg that is a list", header => header["alg"] = new JsonArray("ES256")),
        Header("alg es256", header => header["alg"] = "es256"),
        Header("alg ES256K", header => header["alg"] = "ES256K"),
        Header("alg of another kind of key", header => header["alg"] = "RS256"),
        Header("alg of another curve", header => header["alg"] = "ES384"),
        Header("jwk", header => header["jwk"] = new JsonObject { ["kty"] = "EC" }),
        Header("jku", header => header["jku"] = "https://evil.test/jwks.json"),
        Header("x5u", header => header["x5u"] = "https://evil.test/cert.pem"),
        Header("x5c", header => header["x5c"] = new JsonArray("AAAA")),
        Header("crit", header => header["crit"] = new JsonArray("exp")),
        Header("b64", header => header["b64"] = false),
        Header("zip", header => header["zip"] = "DEF"),
        Header("enc", header => header["enc"] = "A256GCM"),
        Header("kid of a path", header => header["kid"] = "../../../../dev/null"),
        Header("kid of a query", header => header["kid"] = "x' UNION SELECT 'y"),
        Header("kid of an address", header => header["kid"] = "https://evil.test/key"),
        Header("kid that is a number", header => header["kid"] = 1),
        Header("kid of nothing", header => header["kid"] = ""),
        Header("typ JWT", header => header["typ"] = "JWT"),
        Header("no typ", header => header.Remove("typ")),
        Header("typ with a space", header => header["typ"] = "at+jwt "),
        Header("typ with a parameter", header => header["typ"] = "at+jwt;v=1"),
        Header("typ of an ID token", header => header["typ"] = "id+jwt"),
        Header("typ of a DPoP proof", header => header["typ"] = "dpop+jwt"),
        Token("alg twice", a => Forge.Token(Head(a).ToJsonString().Replace("{", "{\"alg\":\"none\",", StringComparison.Ordinal), Payload(a).ToJsonString(), Signer(a))),
    ];

    private static IEnumerable<Attempt> Signatures() =>
    [
        Token("no signature", a => $"{Forge.Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}")}.{Forge.Encode(Payload(a).ToJsonString())}."),
        Token("two parts", a => string.Join('.', a.Token.Split('.')[..2])),
        Token("five parts", a => $"{a.Token}.x.y"),
        Token("HS256 with the public key's text", a => Symmetric(a, key => Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()))),
        Token("HS256 with the public key's bytes", a => Symmetric(a, key => key.ExportSubjectPublicKeyInfo())),
        Token("HS256 with the JWK set", a => Symmetric(a, _ => Encoding.UTF8.GetBytes(a.Gateway.Tokens.JwksJson()))),
        Token("HS256 with nothing", a => Symmetric(a, _ => [])),
        Token("signature of zeros", a => $"{a.Token[..a.Token.LastIndexOf('.')]}.{Base64UrlEncoder.Encode(new byte[64])}"),
        Token("signature in DER", a => Forge.Token(Head(a).ToJsonString(), Payload(a).ToJsonString(), data => Key(a).SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))),
        Token("signature cut short", a => a.Token[..^8]),
        Token("signature made longer", a => a.Token + "AAAA"),
        Token("signature of another token", a => $"{a.Token[..a.Token.LastIndexOf('.')]}.{a.Gateway.Token("reporting").Split('.')[2]}"),
        Token("another issuer's key", a => Foreign(a, kid: null)),
        Token("another issuer's key under a known kid", a => Foreign(a, a.Gateway.Tokens.KeyId)),
        Token("another hash", a => Forge.Token(Head(a).ToJsonString(), Payload(a).ToJsonString(), data => Key(a).SignData(data, HashAlgorithmName.SHA384))),
        Token("payload exchanged", a => Exchange(a, claims => claims["sub"] = "admin")),
        Token("header exchanged", a => $"{Forge.Encode("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}")}{a.Token[a.Token.IndexOf('.', StringComparison.Ordinal)..]}"),
    ];

    private static IEnumerable<Attempt> Claims() =>
    [
        Claim("issuer with a slash", claims => claims["iss"] = GatewayFixture.Issuer + "/"),
        Claim("issuer in upper case", claims => claims["iss"] = GatewayFixture.Issuer.ToUpperInvariant()),
        Claim("issuer with a space", claims => claims["iss"] = " " + GatewayFixture.Issuer),
        Claim("issuer in a list", claims => claims["iss"] = new JsonArray(GatewayFixture.Issuer)),
        Claim("no issuer", claims => claims.Remove("iss")),
        Claim("unknown issuer", claims => claims["iss"] = "https://evil.test"),
        Claim("another audience", claims => claims["aud"] = "other", ReasonCodes.TokenAudience),
        Claim("no audience", claims => claims.Remove("aud"), ReasonCodes.TokenAudience),
        Claim("empty audience", claims => claims["aud"] = new JsonArray(), ReasonCodes.TokenAudience),
        Claim("audience in upper case", claims => claims["aud"] = "TOOL-GATEWAY", ReasonCodes.TokenAudience),
        Claim("audience with a space", claims => claims["aud"] = "tool-gateway ", ReasonCodes.TokenAudience),
        Claim("audience that begins alike", claims => claims["aud"] = "tool-gateway-2", ReasonCodes.TokenAudience),
        Claim("audiences in one text", claims => claims["aud"] = "tool-gateway other", ReasonCodes.TokenAudience),
        Claim("audience of another tool", claims => claims["aud"] = "https://localhost/tools/hr", ReasonCodes.TokenAudience),
        Claim("audience that is an object", claims => claims["aud"] = new JsonObject { ["tool-gateway"] = true }),
        Claim("audience list with a number", claims => claims["aud"] = new JsonArray("tool-gateway", 7)),
        Claim("expired", claims => Times(claims, -120, -1), ReasonCodes.TokenExpired),
        Claim("not yet valid", claims => claims["nbf"] = Now + 120),
        Claim("issued in the future", claims => Times(claims, 120, 240)),
        Claim("too long a life", claims => Times(claims, -10, 7200)),
        Claim("no expiry", claims => claims.Remove("exp")),
        Claim("no time of issue", claims => claims.Remove("iat")),
        Claim("expiry in text", claims => claims["exp"] = "4102444800"),
        Claim("expiry without end", claims => claims["exp"] = 1e300),
        Claim("negative time of issue", claims => claims["iat"] = -1),
        Claim("no subject", claims => claims.Remove("sub")),
        Claim("no client", claims => claims.Remove("client_id")),
        Claim("no id", claims => claims.Remove("jti")),
        Claim("subject that is empty", claims => claims["sub"] = ""),
        Claim("subject with a line break", claims => claims["sub"] = "support\nadmin"),
        Claim("subject in a list", claims => claims["sub"] = new JsonArray("support")),
        Claim("actor that is a text", claims => claims["act"] = "support"),
        Claim("actor without a subject", claims => claims["act"] = new JsonObject()),
        Claim("actor of another issuer", claims => claims["act"] = new JsonObject { ["sub"] = "support", ["iss"] = "https://evil.test" }),
        Claim("actors without end", claims => claims["act"] = Actors(20)),
        Claim("bound to a DPoP key", claims => claims["cnf"] = new JsonObject { ["jkt"] = "x" }, ReasonCodes.TokenUnbound),
        Claim("bound to nothing", claims => claims["cnf"] = new JsonObject(), ReasonCodes.TokenUnbound),
        Claim("bound to null", claims => claims["cnf"] = null, ReasonCodes.TokenUnbound),
        Claim("bound to two proofs", claims => claims["cnf"] = new JsonObject { ["x5t#S256"] = "x", ["jkt"] = "y" }, ReasonCodes.TokenUnbound),
        Claim("bound to another thumbprint", claims => claims["cnf"] = new JsonObject { ["x5t#S256"] = new string('A', 43) }, ReasonCodes.TokenUnbound),
        Claim("bound to a SHA-1 thumbprint", claims => claims["cnf"] = new JsonObject { ["x5t"] = "x" }, ReasonCodes.TokenUnbound),
        Claim("intent with a line break", claims => claims["task"] = "T-1\r\nX: y"),
        Token("subject twice", a => Forge.Token(Head(a).ToJsonString(), Payload(a).ToJsonString().Replace("{\"iss\"", "{\"sub\":\"admin\",\"iss\"", StringComparison.Ordinal), Signer(a))),
        Token("subject twice, escaped", a => Forge.Token(Head(a).ToJsonString(), Payload(a).ToJsonString().Replace("{\"iss\"", "{\"s\\u0075b\":\"admin\",\"iss\"", StringComparison.Ordinal), Signer(a))),
        Token("claims that are a list", a => Forge.Token(Head(a).ToJsonString(), "[]", Signer(a))),
        Token("claims with a comment", a => Forge.Token(Head(a).ToJsonString(), Payload(a).ToJsonString() + "//", Signer(a))),
        Denied("an unknown client", claims => (claims["sub"], claims["client_id"]) = ("stranger", "stranger"), "agent_unregistered"),
        Denied("a workload's id from an issuer that may not", claims => (claims["sub"], claims["client_id"]) = ("spiffe://acme.test/agent/support", "spiffe://acme.test/agent/support"), "agent_unregistered"),
        Denied("a user without an agent", claims => claims["sub"] = "ada", "agent_required"),
    ];

    private static IEnumerable<Attempt> Forms() =>
    [
        Token("padding", a => a.Token + "=="),
        Token("ordinary base 64", a => $"{a.Token.Split('.')[0]}+/.{a.Token.Split('.')[1]}.{a.Token.Split('.')[2]}"),
        Token("encoded twice", a => Base64UrlEncoder.Encode(a.Token)),
        Token("a JSON serialization", _ => "{\"payload\":\"e30\",\"signatures\":[]}"),
        Token("nothing but dots", _ => ".."),
        Token("longer than any token", a => a.Gateway.Token(change: honest => honest with { Extra = new JsonObject { ["pad"] = new string('x', 14_000) } })),
    ];

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static Attempt Token(string name, Func<Attacker, string> token, string reason = ReasonCodes.TokenInvalid, int status = 401) =>
        new($"token: {name}", status, reason, attacker => attacker.SendTokenAsync(token(attacker)));

    private static Attempt Header(string name, Action<JsonObject> change) => Token(name, attacker =>
    {
        var header = Head(attacker);
        change(header);
        return Forge.Token(header.ToJsonString(), Payload(attacker).ToJsonString(), Signer(attacker));
    });

    /// <summary>Well signed, with another claim.</summary>
    private static Attempt Claim(string name, Action<JsonObject> change, string reason = ReasonCodes.TokenInvalid, int status = 401) =>
        Token(name, attacker => Signed(attacker, change), reason, status);

    /// <summary>A good token of somebody who may not call.</summary>
    private static Attempt Denied(string name, Action<JsonObject> change, string reason) => Claim(name, change, reason, 403);

    private static string Signed(Attacker attacker, Action<JsonObject> change)
    {
        var claims = Payload(attacker);
        change(claims);
        return Forge.Token(Head(attacker).ToJsonString(), claims.ToJsonString(), Signer(attacker));
    }

    private static string Exchange(Attacker attacker, Action<JsonObject> change)
    {
        var (claims, parts) = (Payload(attacker), attacker.Token.Split('.'));
        change(claims);
        return $"{parts[0]}.{Forge.Encode(claims.ToJsonString())}.{parts[2]}";
    }

    private static string Symmetric(Attacker attacker, Func<ECDsa, byte[]> secret)
    {
        var header = Head(attacker);
        header["alg"] = "HS256";
        return Forge.Token(header.ToJsonString(), Payload(attacker).ToJsonString(), data => HMACSHA256.HashData(secret(Key(attacker)), data));
    }

    private static string Foreign(Attacker attacker, string? kid)
    {
        using var evil = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var header = Head(attacker);
        header["kid"] = kid ?? "evil";
        return Forge.Token(header, Payload(attacker), evil);
    }

    private static JsonObject Head(Attacker attacker) => new() { ["alg"] = "ES256", ["kid"] = attacker.Gateway.Tokens.KeyId, ["typ"] = "at+jwt" };

    private static JsonObject Payload(Attacker attacker) =>
        new DevTokenRequest { Issuer = GatewayFixture.Issuer, Audiences = ["tool-gateway"], Subject = "support", ClientId = "support" }.ToClaims(TimeProvider.System.GetUtcNow());

    private static Func<byte[], byte[]> Signer(Attacker attacker) => data => Key(attacker).SignData(data, HashAlgorithmName.SHA256);

    private static ECDsa Key(Attacker attacker)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(attacker.Gateway.Tokens.KeyPem());
        return key;
    }

    private static void Times(JsonObject claims, int issued, int expires) => (claims["iat"], claims["exp"]) = (Now + issued, Now + expires);

    private static JsonObject Actors(int depth) => depth == 0 ? new JsonObject { ["sub"] = "support" } : new JsonObject { ["sub"] = "support", ["act"] = Actors(depth - 1) };
}
