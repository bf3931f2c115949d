using System.Text.Json;

namespace ToolGateway.Identity.Tokens;

/// <summary>Whom an issuer's token names: the caller, on whose behalf it acts, and earlier actors.</summary>
internal sealed record TokenSubject(string Type, string Id, DelegationSubject? Delegation, IReadOnlyList<string> NestedActors)
{
    private const int MaxActors = 8;
    private const string Agent = "agent";
    private const string User = "user";

    /// <summary>Applies the issuer's naming rules to verified claims; null with a problem that is safe to show.</summary>
    public static TokenSubject? Read(TokenClaims claims, Issuer issuer, out string problem)
    {
        problem = "the token has no 'sub'";
        if (claims.Subject is not { } subject)
            return null;
        if (claims["act"] is { } actor)
            return ReadActors(actor, Delegating(claims, issuer), issuer, out problem);
        if (subject == claims.ClientId)
            return new TokenSubject(Agent, Name(subject, issuer), null, []);
        if (!issuer.IsClientTheAgent)
            return new TokenSubject(User, Name(subject, issuer), null, []);
        problem = "the token has no 'client_id', which names the agent";
        return claims.ClientId is { } client ? new TokenSubject(Agent, Name(client, issuer), Delegating(claims, issuer), []) : null;
    }

    /// <summary>The gateway's name for a value of the issuer: a SPIFFE id only of a trust domain that the issuer may speak for.</summary>
    private static string Name(string value, Issuer issuer) =>
        SpiffeId.TryParse(value, out var id) && issuer.TrustDomains.Contains(id.TrustDomain) ? value : $"{issuer.Value}#{value}";

    private static DelegationSubject Delegating(TokenClaims claims, Issuer issuer)
    {
        var id = Name(claims.Subject!, issuer);
        var isAgent = claims.Subject == claims.ClientId || id.StartsWith(SpiffeId.Prefix, StringComparison.Ordinal);
        return new DelegationSubject(isAgent ? Agent : User, id);
    }

    private static TokenSubject? ReadActors(JsonElement actor, DelegationSubject delegation, Issuer issuer, out string problem)
    {
        problem = $"'act' is not a chain of at most {MaxActors} actors of this issuer";
        var names = new List<string>();
        try
        {
            for (JsonElement? current = actor; current is { } next; current = next.TryGetProperty("act", out var earlier) ? earlier : null)
            {
                if (names.Count == MaxActors || TokenClaims.Name(next, "sub") is not { } value || TokenClaims.Name(next, "iss") is { } other && other != issuer.Value)
                    return null;
                names.Add(Name(value, issuer));
            }
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return null;
        }

        return new TokenSubject(Agent, names[0], delegation, [.. names.Skip(1)]);
    }
}
