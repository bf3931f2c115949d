using ToolGateway.Enforcement;

namespace ToolGateway.Identity;

/// <summary>Makes the refusals of identification.</summary>
internal static class Refusals
{
    public const string Jwt = "jwt";
    public const string JwtSvid = "jwt_svid";
    public const string Mtls = "mtls";
    public const string MtlsAndJwt = "mtls+jwt";
    private const string None = "none";
    private const string InvalidToken = "invalid_token";
    private const string InvalidRequest = "invalid_request";

    public static IdentityRefusal CredentialMissing { get; } =
        new(401, ReasonCodes.CredentialMissing, None, "present a client certificate or a bearer token", null);

    public static IdentityRefusal TokenInQuery { get; } =
        new(400, ReasonCodes.CredentialInQuery, Jwt, "a token in the query is never accepted; send it in the Authorization header", InvalidRequest);

    public static IdentityRefusal SeveralAuthorizations { get; } =
        new(400, ReasonCodes.TokenInvalid, Jwt, "the request has more than one Authorization header", InvalidRequest);

    public static IdentityRefusal Certificate(string detail) => new(401, ReasonCodes.CertificateInvalid, Mtls, detail, null);

    public static IdentityRefusal Token(string detail, string method = Jwt, string reason = ReasonCodes.TokenInvalid) =>
        new(401, reason, method, detail, InvalidToken);

    /// <summary>A credential is missing beside the one that came.</summary>
    public static IdentityRefusal Required(string method, string detail) => new(401, ReasonCodes.CredentialRequired, method, detail, null);

    public static IdentityRefusal Agent(string reason, string method) =>
        new(401, reason, method, "the agent's registration does not allow calls now", method == Mtls ? null : InvalidToken);
}
