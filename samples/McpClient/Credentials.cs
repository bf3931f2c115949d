using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ToolGateway.Samples;

/// <summary>The certificate that an agent presents, and the authority that it trusts, from PEM files.</summary>
internal static class Credentials
{
    public static SocketsHttpHandler Handler(Func<string, string?> environment)
    {
        var tls = new SslClientAuthenticationOptions();
        if (environment("CERTIFICATE") is { } certificate)
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, environment("KEY"))];
        if (environment("AUTHORITY") is { } authority)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        }

        return new SocketsHttpHandler { SslOptions = tls };
    }
}
