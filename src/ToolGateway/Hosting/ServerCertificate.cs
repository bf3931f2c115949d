using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ToolGateway.Hosting;

/// <summary>The gateway's own certificate with its chain, read with the snapshot's other files.</summary>
internal sealed record ServerCertificate(X509Certificate2 Leaf, SslStreamCertificateContext Context)
{
    /// <summary>When the first certificate of the chain ends.</summary>
    public DateTimeOffset EndsAt => Context.IntermediateCertificates.Append(Leaf).Min(static certificate => certificate.NotAfter).ToUniversalTime();

    /// <summary>Reads certificate and key, or notes what is wrong with them; null without errors where the listener has no TLS.</summary>
    public static ServerCertificate? Read(ListenerOptions options, FileSet files, ConfigurationErrors errors)
    {
        const string Key = "Listen:CertificatePath";
        if (string.IsNullOrWhiteSpace(options.CertificatePath) || string.IsNullOrWhiteSpace(options.KeyPath)
            || files.Read(options.CertificatePath, Key, errors) is not { } chain
            || files.Read(options.KeyPath, "Listen:KeyPath", errors) is not { } key)
        {
            return null;
        }

        try
        {
            var pem = Encoding.ASCII.GetString(chain.Span);
            var intermediates = new X509Certificate2Collection();
            intermediates.ImportFromPem(pem);
            if (intermediates.Count > 0)
                intermediates.RemoveAt(0);
            using var leaf = X509Certificate2.CreateFromPem(pem, Encoding.ASCII.GetString(key.Span));

            // Some TLS stacks refuse the ephemeral key that PEM gives.
            var usable = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
            return new ServerCertificate(usable, SslStreamCertificateContext.Create(usable, intermediates, offline: true));
        }
        catch (ArgumentException)
        {
            errors.Add("Listen:KeyPath", options.KeyPath, "it is not the key of the first certificate in Listen:CertificatePath; give that certificate's own key");
            return null;
        }
        catch (CryptographicException e)
        {
            errors.Add(Key, options.CertificatePath, $"certificate and key are not a usable PEM pair ({e.Message}); put the leaf first and give its own key");
            return null;
        }
    }
}
