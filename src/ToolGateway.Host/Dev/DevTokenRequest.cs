using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace ToolGateway.Host.Dev;

/// <summary>What a development token says.</summary>
internal sealed record DevTokenRequest
{
    /// <summary>The <c>iss</c>; absent in a JWT-SVID.</summary>
    public string? Issuer { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    public required string Subject { get; init; }

    public string? ClientId { get; init; }

    public string? Scope { get; init; }

    /// <summary>Subjects of the actors, the current one first.</summary>
    public IReadOnlyList<string> Actors { get; init; } = [];

    /// <summary>Certificate that the token is bound to (RFC 8705).</summary>
    public X509Certificate2? BoundTo { get; init; }

    /// <summary>The <c>typ</c> header.</summary>
    public string TokenType { get; init; } = "at+jwt";

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>More claims; they replace those above.</summary>
    public JsonObject Extra { get; init; } = [];

    public JsonObject ToClaims(DateTimeOffset now)
    {
        var claims = new JsonObject();
        Set(claims, "iss", Issuer);
        claims["sub"] = Subject;
        claims["aud"] = Audiences.Count == 1 ? Audiences[0] : new JsonArray([.. Audiences.Select(audience => (JsonNode)audience)]);
        Set(claims, "client_id", ClientId);
        Set(claims, "scope", Scope);
        claims["iat"] = now.ToUnixTimeSeconds();
        claims["exp"] = (now + Lifetime).ToUnixTimeSeconds();
        claims["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (Actor(0) is { } actor)
            claims["act"] = actor;
        if (BoundTo is not null)
            claims["cnf"] = new JsonObject { ["x5t#S256"] = Base64UrlEncoder.Encode(SHA256.HashData(BoundTo.RawData)) };
        foreach (var (name, value) in Extra)
            claims[name] = value?.DeepClone();
        return claims;
    }

    private static void Set(JsonObject claims, string name, string? value)
    {
        if (value is not null)
            claims[name] = value;
    }

    private JsonObject? Actor(int index)
    {
        if (index >= Actors.Count)
            return null;
        var actor = new JsonObject { ["sub"] = Actors[index] };
        if (Actor(index + 1) is { } earlier)
            actor["act"] = earlier;
        return actor;
    }
}
