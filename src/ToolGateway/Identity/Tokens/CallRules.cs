using ToolGateway.Enforcement;
using ToolGateway.Identity.Certificates;
using ToolGateway.ToolCalls;

namespace ToolGateway.Identity.Tokens;

/// <summary>Rules on a token that depend on the call: they are checked every time, also for a remembered token.</summary>
internal static class CallRules
{
    public static IdentityRefusal? Check(VerifiedToken token, VerifiedCertificate? certificate, Tool? tool, string? publicUrl, DateTimeOffset now)
    {
        var method = token.Rules.Method;
        if (now >= token.Credential.Expires)
            return Refusals.Token("the token has expired", method, ReasonCodes.TokenExpired);
        if (!IsAudience(token, tool, publicUrl))
            return Refusals.Token($"the token is for another audience than {token.Rules.Audience} or the tool's own address", method, ReasonCodes.TokenAudience);
        if (token.BoundTo is { } thumbprint && thumbprint != certificate?.Thumbprint)
            return Refusals.Token("the token is bound to another certificate than this connection's", method, ReasonCodes.TokenUnbound);
        return token is { MustBeBound: true, BoundTo: null }
            ? Refusals.Token("the issuer's tokens must be bound to a certificate", method, ReasonCodes.TokenUnbound)
            : null;
    }

    private static bool IsAudience(VerifiedToken token, Tool? tool, string? publicUrl)
    {
        foreach (var audience in token.Audiences)
        {
            if (audience == token.Rules.Audience || (tool is not null && publicUrl is not null && IsTool(audience, tool.Name, publicUrl)))
                return true;
        }

        return false;
    }

    private static bool IsTool(string audience, string name, string publicUrl)
    {
        const string Tools = "/tools/";
        return audience.Length == publicUrl.Length + Tools.Length + name.Length
            && audience.StartsWith(publicUrl, StringComparison.Ordinal)
            && audience.AsSpan(publicUrl.Length).StartsWith(Tools, StringComparison.Ordinal)
            && audience.EndsWith(name, StringComparison.Ordinal);
    }
}
