using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ToolGateway.Identity.Certificates;

/// <summary>Asks for a client certificate in the TLS handshake and takes any: identification decides, so that a refusal gets an answer and a record.</summary>
internal static class ClientCertificateTls
{
    /// <summary>Sets up a listener; what the listener itself does in <see cref="HttpsConnectionAdapterOptions.OnAuthenticate"/> before is kept.</summary>
    public static void Configure(HttpsConnectionAdapterOptions https)
    {
        // Kestrel's own mode would verify with the system's store, download certificates, and not tell which connection it verifies for.
        https.ClientCertificateMode = ClientCertificateMode.NoCertificate;
        https.OnAuthenticate += Ask;
    }

    private static void Ask(ConnectionContext connection, SslServerAuthenticationOptions tls)
    {
        tls.ClientCertificateRequired = true;
        tls.AllowRenegotiation = false;

        // A resumed session has the client's certificate without the ones that were sent with it.
        tls.AllowTlsResume = false;
        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
#pragma warning disable CA5359 // Every call on the connection verifies the certificate again, with the bundle of its trust domain.
        tls.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is not null)
                connection.Features.Set(ClientCertificate.From(certificate, chain));
            return true;
        };
#pragma warning restore CA5359
    }
}
