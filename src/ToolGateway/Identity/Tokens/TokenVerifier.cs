using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ToolGateway.Identity.Tokens;

/// <summary>Verifies tokens that are not remembered: header, signer, key, signature, claims, in this order.</summary>
internal sealed partial class TokenVerifier(TimeProvider clock, RememberedTokens remembered, ILogger<TokenVerifier> logger)
{
    /// <summary>The verified token, or the refusal.</summary>
    public async ValueTask<(VerifiedToken? Token, IdentityRefusal? Refusal)> VerifyAsync(string token, TrustMaterial trust)
    {
        if (TokenHeader.Read(token, out var problem) is not { } header)
            return (null, Refusals.Token(problem));
        if (TokenClaims.Read(token, out problem) is not { } claims)
            return (null, Refusals.Token(problem));
        if (trust.FindSigner(claims, out var issuer) is not { } rules)
            return (null, Refusals.Token("the token's issuer is not known here"));
        if (CheckHeader(header, rules) is { } unfit)
            return (null, unfit);
        var (keys, key) = await FindKeyAsync(header, rules);
        if (keys is null || key is null)
            return (null, Refusals.Token("the token's key is not known here", rules.Method));
        if (!await TokenSignature.IsValidAsync(token, rules, key))
            return (null, Refusals.Token("the token's signature is not valid", rules.Method));
        return ClaimRules.CheckRequired(header, claims, rules) is { } incomplete ? (null, incomplete) : Accept(token, claims, rules, keys, issuer);
    }

    private static IdentityRefusal? CheckHeader(TokenHeader header, TokenRules rules)
    {
        if (!rules.Algorithms.Contains(header.Algorithm))
            return Refusals.Token($"the token's algorithm is not accepted; its issuer signs with {string.Join(", ", rules.Algorithms.Order(StringComparer.Ordinal))}", rules.Method);
        if (!rules.AcceptsType(header.Type))
            return Refusals.Token($"the token's 'typ' is not accepted; it must be {string.Join(" or ", rules.Types.Order(StringComparer.Ordinal))}", rules.Method);
        return rules.IsKeyIdRequired && header.KeyId is null ? Refusals.Token("the token's header has no 'kid'", rules.Method) : null;
    }

    private async ValueTask<(KeySet? Keys, VerificationKey? Key)> FindKeyAsync(TokenHeader header, TokenRules rules)
    {
        var keys = rules.Keys.Current();
        if (keys?.Find(header.KeyId, header.Algorithm) is { } key)
            return (keys, key);
        var newer = await rules.Keys.RefreshAsync();
        if (rules.Keys.TakeFailure() is { } failure && rules.Issuer is { } issuer)
            Log.KeysUnavailable(logger, issuer, failure);
        return (newer, newer?.Find(header.KeyId, header.Algorithm));
    }

    private (VerifiedToken? Token, IdentityRefusal? Refusal) Accept(string text, TokenClaims claims, TokenRules rules, KeySet keys, Issuer? issuer)
    {
        if (ClaimRules.CheckTimes(claims, rules, clock.GetUtcNow()) is { } untimely)
            return (null, untimely);
        if (ClaimRules.CheckConfirmation(claims, rules, out var thumbprint) is { } unbound)
            return (null, unbound);
        if (ReadSubject(claims, issuer, out var problem) is not { } subject)
            return (null, Refusals.Token(problem, rules.Method));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        RememberedTokens.Digest(text, digest);
        try
        {
            var token = new VerifiedToken
            {
                Rules = rules,
                Keys = keys,
                Audiences = claims.Audiences,
                BoundTo = thumbprint,
                MustBeBound = issuer is { RequiresBoundTokens: true },
                Subject = subject,
                Intent = issuer is null ? null : ClaimRules.ReadIntent(claims, issuer),
                Claims = issuer is null ? Rego.Values.RegoObject.Empty : ClaimRules.ReadPolicyClaims(claims, issuer),
                Issuer = claims.Issuer,
                Credential = new CredentialInfo(
                    rules.Method, claims.Issuer, claims.JwtId, Convert.ToHexStringLower(digest), CertificateSha256: null, claims.Expires!.Value),
            };
            remembered.Add(digest, token);
            return (token, null);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // A claim that is not what the issuer's configuration says it is, or text that is not Unicode.
            return (null, Refusals.Token(e is FormatException named ? TokenClaims.Malformed(named) : "a claim that the gateway passes on is malformed", rules.Method));
        }
    }

    private static TokenSubject? ReadSubject(TokenClaims claims, Issuer? issuer, out string problem)
    {
        if (issuer is not null)
            return TokenSubject.Read(claims, issuer, out problem);
        problem = "a JWT-SVID has no actor";
        return claims["act"] is null ? new TokenSubject("agent", claims.Subject!, null, []) : null;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The keys of issuer {Issuer} cannot be fetched: {Failure}")]
        public static partial void KeysUnavailable(ILogger logger, string issuer, string failure);
    }
}
