using ToolGateway.Identity.Tokens;

namespace ToolGateway.Identity.Certificates;

/// <summary>The caller that a certificate and a token make together.</summary>
internal sealed record BoundCaller(VerifiedCertificate Certificate, VerifiedToken Token, ResolvedCaller Resolved);
