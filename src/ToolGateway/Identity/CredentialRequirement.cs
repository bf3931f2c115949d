using ToolGateway.ToolCalls;

namespace ToolGateway.Identity;

/// <summary>Which credentials a tool demands.</summary>
internal static class CredentialRequirement
{
    /// <summary>Accepted values of <see cref="ToolOptions.Authentication"/>.</summary>
    public static IReadOnlyList<string> Values { get; } = ["any", "mtls", "jwt", "both"];

    public static IdentityRefusal? Check(Tool? tool, bool hasCertificate, bool hasToken)
    {
        // A value that is not on the list asks for both.
        var authentication = tool?.Authentication ?? "any";
        if (!hasCertificate && authentication is not ("any" or "jwt"))
            return Refusals.Required(Refusals.Jwt, "the tool needs a client certificate");
        return !hasToken && authentication is not ("any" or "mtls") ? Refusals.Required(Refusals.Mtls, "the tool needs a bearer token") : null;
    }
}
