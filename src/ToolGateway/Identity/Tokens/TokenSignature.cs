using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ToolGateway.Identity.Tokens;

/// <summary>Verifies a token with one key; everything that its header could choose was decided before.</summary>
internal static class TokenSignature
{
    private static readonly JsonWebTokenHandler Handler = new();

    public static async ValueTask<bool> IsValidAsync(string token, TokenRules rules, VerificationKey key)
    {
        var parameters = new TokenValidationParameters
        {
            IssuerSigningKeyResolver = (_, _, _, _) => [key.Key],
            ValidAlgorithms = key.Algorithms,
            ValidIssuer = rules.Issuer,

            // Times and audience have reasons of their own, and depend on the call: ClaimRules and CallRules check them.
#pragma warning disable CA5405
            LifetimeValidator = static (_, _, _, _) => true,
            AudienceValidator = static (_, _, _) => true,
#pragma warning restore CA5405
        };
        if (rules.Issuer is null)
            parameters.IssuerValidator = static (issuer, _, _) => issuer;
        return (await Handler.ValidateTokenAsync(token, parameters)).IsValid;
    }
}
