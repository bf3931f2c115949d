using Microsoft.AspNetCore.Http;
using ToolGateway.Hosting;
using ToolGateway.Identity.Certificates;
using ToolGateway.Identity.Tokens;
using ToolGateway.ToolCalls;

namespace ToolGateway.Identity;

/// <summary>Tells who calls, from the connection's certificate, the request's token, or both. Synchronous unless a token is new.</summary>
internal sealed class CallerIdentifier(RememberedTokens remembered, TokenVerifier verifier, TimeProvider clock) : ICallerIdentifier
{
    /// <summary>Identifies the caller of a request for <paramref name="tool"/> (null: no such tool, or none is named).</summary>
    public ValueTask<IdentityResult> IdentifyAsync(HttpContext context, GatewaySnapshot snapshot, Tool? tool)
    {
        if (BearerToken.HasTokenInQuery(context.Request))
            return Refused(Refusals.TokenInQuery);
        var presented = ClientCertificate.Of(context);
        VerifiedCertificate? certificate = null;
        if (presented is not null)
        {
            // A bad certificate is refused even beside a good token: whoever presents it is not who it says.
            (certificate, var refusal) = presented.Verify(snapshot.Trust, clock.GetUtcNow());
            if (refusal is not null)
                return Refused(refusal);
        }

        var call = new IdentifiedCall(snapshot, tool, presented, certificate);
        if (context.Request.Headers.Authorization is { Count: > 0 } authorization)
            return IdentifyByToken(authorization, call);
        return new(certificate is null ? new IdentityResult(null, Refusals.CredentialMissing) : Complete(call, null));
    }

    private ValueTask<IdentityResult> IdentifyByToken(Microsoft.Extensions.Primitives.StringValues authorization, in IdentifiedCall call)
    {
        if (BearerToken.Read(authorization, out var token) is { } malformed)
            return Refused(malformed);
        return remembered.Find(authorization[0]!, token, call.Snapshot.Trust) is { } verified
            ? new(Complete(call, verified))
            : VerifyAsync(token.ToString(), call);
    }

    private async ValueTask<IdentityResult> VerifyAsync(string text, IdentifiedCall call)
    {
        var (token, refusal) = await verifier.VerifyAsync(text, call.Snapshot.Trust);
        return token is null ? new IdentityResult(null, refusal) : Complete(call, token);
    }

    private IdentityResult Complete(in IdentifiedCall call, VerifiedToken? token)
    {
        var (snapshot, now) = (call.Snapshot, clock.GetUtcNow());
        if (token is not null && CallRules.Check(token, call.Certificate, call.Tool, snapshot.Options.PublicUrl, now) is { } refusal)
            return new IdentityResult(null, refusal);
        if (CredentialRequirement.Check(call.Tool, call.Certificate is not null, token is not null) is { } missing)
            return new IdentityResult(null, missing);
        if (CallerResolver.Resolve(call, token) is not { } resolved)
            return new IdentityResult(null, CallerResolver.Mismatch);
        return CallerLiveness.CheckAgent(resolved.Registration, now) is { } reason
            ? new IdentityResult(null, Refusals.Agent(reason, resolved.Caller.Authentication))
            : new IdentityResult(resolved.Caller, null);
    }

    private static ValueTask<IdentityResult> Refused(IdentityRefusal refusal) => new(new IdentityResult(null, refusal));
}

/// <summary>What identification knows of a request beside its token.</summary>
internal readonly record struct IdentifiedCall(GatewaySnapshot Snapshot, Tool? Tool, ClientCertificate? Presented, VerifiedCertificate? Certificate);
