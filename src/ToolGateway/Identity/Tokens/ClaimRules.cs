using System.Text.Json;
using ToolGateway.Enforcement;
using ToolGateway.Rego.Values;

namespace ToolGateway.Identity.Tokens;

/// <summary>Rules on the claims of a token whose signature is good, one method each. A result is what is wrong, safe to show.</summary>
internal static class ClaimRules
{
    /// <summary>How far a signer's clock may be ahead. Nothing is added to an expiry.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private const int MaxIntentLength = 256;
    private const string Thumbprint = "x5t#S256";

    /// <summary>
    /// What an access token must say (RFC 9068 section 2.2). The issuer is known and the times and the audience are checked for every token; tokens of other types, that an
    /// issuer's configuration accepts, follow no such list.
    /// </summary>
    public static IdentityRefusal? CheckRequired(TokenHeader header, TokenClaims claims, TokenRules rules)
    {
        if (header.Type is null || TokenRules.TypeName(header.Type) != TokenRules.AccessToken)
            return null;
        var missing = claims switch
        {
            { Subject: null } => "sub",
            { ClientId: null } => "client_id",
            { JwtId: null } => "jti",
            _ => null,
        };
        return missing is null ? null : Refusals.Token($"the token has no '{missing}', which an access token needs (RFC 9068)", rules.Method);
    }

    public static IdentityRefusal? CheckTimes(TokenClaims claims, TokenRules rules, DateTimeOffset now)
    {
        if (claims.Expires is not { } expires || claims.IssuedAt is not { } issued)
            return Refusals.Token("the token needs 'exp' and 'iat'", rules.Method);
        if (expires <= now)
            return Refusals.Token("the token has expired", rules.Method, ReasonCodes.TokenExpired);
        if (issued > now + Leeway)
            return Refusals.Token("the token was issued in the future", rules.Method);
        if (claims.NotBefore > now + Leeway)
            return Refusals.Token("the token is not valid yet", rules.Method);
        return expires - issued > rules.MaxLifetime ? Refusals.Token($"the token's lifetime is longer than accepted; exp may be at most {rules.MaxLifetime:c} after iat", rules.Method) : null;
    }

    /// <summary>The thumbprint in <c>cnf</c>; a proof that cannot be checked refuses the token.</summary>
    public static IdentityRefusal? CheckConfirmation(TokenClaims claims, TokenRules rules, out string? thumbprint)
    {
        thumbprint = null;
        if (claims["cnf"] is not { } confirmation)
            return null;
        if (confirmation.ValueKind == JsonValueKind.Object
            && confirmation.EnumerateObject().ToArray() is [{ Name: Thumbprint, Value.ValueKind: JsonValueKind.String } only])
        {
            thumbprint = only.Value.GetString();
            return null;
        }

        return Refusals.Token($"the token is bound to a proof other than '{Thumbprint}'", rules.Method, ReasonCodes.TokenUnbound);
    }

    /// <summary>Task and purpose from the claims that the issuer's configuration names.</summary>
    /// <exception cref="FormatException">One of them is not a short printable text.</exception>
    public static VerifiedIntent? ReadIntent(TokenClaims claims, Issuer issuer)
    {
        var (task, purpose) = (Printable(claims, issuer.TaskClaim), Printable(claims, issuer.PurposeClaim));
        return task is null && purpose is null ? null : new VerifiedIntent(task, purpose);
    }

    /// <summary>The claims that policies may see.</summary>
    public static RegoObject ReadPolicyClaims(TokenClaims claims, Issuer issuer)
    {
        var members = new List<KeyValuePair<RegoValue, RegoValue>>();
        foreach (var name in issuer.PolicyClaims)
        {
            if (claims[name] is { } value)
                members.Add(new(new RegoString(name), RegoJson.Parse(value.GetRawText())));
        }

        return RegoObject.From(members);
    }

    private static string? Printable(TokenClaims claims, string? name)
    {
        if (name is null || claims[name] is not { } value)
            return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 and <= MaxIntentLength } && !text.Any(char.IsControl) ? text : throw new FormatException(name);
    }
}
