using System.Collections.Frozen;
using ToolGateway.Enforcement;
using ToolGateway.Identity.Certificates;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Identity;

/// <summary>Makes the caller of verified credentials and the snapshot's agents, once for each credential and snapshot.</summary>
internal static class CallerResolver
{
    private const string AgentType = "agent";

    public static IdentityRefusal Mismatch { get; } = Refusals.Token(
        "certificate and token do not name the same agent", Refusals.MtlsAndJwt, ReasonCodes.IdentityMismatch);

    /// <summary>The caller, or null when certificate and token name different agents.</summary>
    public static ResolvedCaller? Resolve(in IdentifiedCall call, VerifiedToken? token)
    {
        var agents = call.Snapshot.AgentsByIdentity;
        if (call.Certificate is not { } certificate)
            return token!.Caller is { } known && ReferenceEquals(known.Agents, agents) ? known : token.Caller = Register(FromToken(token), agents);
        if (token is null)
        {
            return certificate.Caller is { } known && ReferenceEquals(known.Agents, agents)
                ? known
                : certificate.Caller = Register(FromCertificate(certificate), agents);
        }

        return ResolveBoth(call.Presented!, certificate, token, agents);
    }

    private static ResolvedCaller? ResolveBoth(
        ClientCertificate presented, VerifiedCertificate certificate, VerifiedToken token, FrozenDictionary<string, Agent> agents)
    {
        if (presented.Bound is { } bound && ReferenceEquals(bound.Certificate, certificate) && ReferenceEquals(bound.Token, token)
            && ReferenceEquals(bound.Resolved.Agents, agents))
        {
            return bound.Resolved;
        }

        if (!AreSameAgent(certificate.Id, token.Subject, agents))
            return null;
        var resolved = Register(FromBoth(certificate, token), agents);
        presented.Bound = new BoundCaller(certificate, token, resolved);
        return resolved;
    }

    private static bool AreSameAgent(string id, TokenSubject subject, FrozenDictionary<string, Agent> agents) =>
        subject.Type == AgentType
        && (subject.Id == id || (agents.TryGetValue(id, out var agent) && agents.TryGetValue(subject.Id, out var other) && ReferenceEquals(agent, other)));

    // A user is never taken for the agent whose client id happens to be the user's name; that registration's state counts all the same.
    private static ResolvedCaller Register(Caller caller, FrozenDictionary<string, Agent> agents)
    {
        var registration = agents.GetValueOrDefault(caller.Id);
        return new ResolvedCaller(agents, caller.Type == AgentType ? caller with { Agent = registration } : caller, registration);
    }

    private static Caller FromToken(VerifiedToken token) => new()
    {
        Type = token.Subject.Type,
        Id = token.Subject.Id,
        Authentication = token.Rules.Method,
        Issuer = token.Issuer,
        Claims = token.Claims,
        Delegation = token.Subject.Delegation,
        NestedActors = token.Subject.NestedActors,
        Intent = token.Intent,
        Credential = token.Credential,
    };

    private static Caller FromCertificate(VerifiedCertificate certificate) => new()
    {
        Type = AgentType,
        Id = certificate.Id,
        Authentication = Refusals.Mtls,
        Credential = new CredentialInfo(Refusals.Mtls, null, null, null, certificate.Thumbprint, certificate.Expires),
    };

    private static Caller FromBoth(VerifiedCertificate certificate, VerifiedToken token) => FromToken(token) with
    {
        Type = AgentType,
        Id = certificate.Id,
        Authentication = Refusals.MtlsAndJwt,
        Credential = token.Credential with
        {
            Method = Refusals.MtlsAndJwt,
            CertificateSha256 = certificate.Thumbprint,
            Expires = certificate.Expires < token.Credential.Expires ? certificate.Expires : token.Credential.Expires,
        },
    };
}
