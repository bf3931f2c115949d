using Microsoft.AspNetCore.Http;
using ToolGateway.Identity.Certificates;

namespace ToolGateway.Hosting;

/// <summary>Who may use the administration listener: anyone where only this machine reaches it, otherwise the SPIFFE ids that are named.</summary>
internal static class AdministratorRule
{
    public static bool Allows(HttpContext context, GatewaySnapshot snapshot)
    {
        if (!context.Request.IsHttps)
            return true;
        var (certificate, _) = ClientCertificate.Of(context)?.Verify(snapshot.Trust, TimeProvider.System.GetUtcNow()) ?? default;
        return certificate is not null && snapshot.Options.Management.AllowedIds.Contains(certificate.Id.ToString(), StringComparer.Ordinal);
    }
}
