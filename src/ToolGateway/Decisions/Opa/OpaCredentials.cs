using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ToolGateway.Decisions.Opa;

/// <summary>Bearer token, trusted certificates and client certificate for OPA, read again when their files change. The last good ones stay.</summary>
internal sealed class OpaCredentials(OpaOptions options, Func<string, string> fullPath)
{
    private volatile Material? _current;
    private string? _read;

    public string? Token => _current?.Token;

    public X509Certificate2Collection? Authorities => _current?.Authorities;

    public X509Certificate2? ClientCertificate => _current?.ClientCertificate;

    /// <summary>Reads the files. False, with the reason, when they cannot be used; calls then go on with the last good ones, or fail.</summary>
    public bool TryReload(out string? problem)
    {
        try
        {
            var texts = (Token: Text(options.TokenFile), Authorities: Text(options.CaPath), Certificate: Text(options.ClientCertificatePath), Key: Text(options.ClientKeyPath));
            var read = $"{texts.Token}\n{texts.Authorities}\n{texts.Certificate}\n{texts.Key}";
            if (read != _read)
            {
                _current = Build(texts.Token, texts.Authorities, texts.Certificate, texts.Key);
                _read = read;
            }

            problem = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <summary>Whether there is something to call with: false when the files were never readable.</summary>
    public bool IsReady => _current is not null;

    /// <summary>Whether a server's certificate chains to <c>CaPath</c>.</summary>
    public bool IsTrusted(X509Certificate2 certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities ?? new X509Certificate2Collection());
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainElements.Select(element => element.Certificate).ToArray());
        return chain.Build(certificate);
    }

    private static Material Build(string? token, string? authorities, string? certificate, string? key)
    {
        X509Certificate2Collection? trusted = null;
        if (authorities is not null)
        {
            trusted = [];
            trusted.ImportFromPem(authorities);
            if (trusted.Count == 0)
                throw new ArgumentException("the file of Decisions:Opa:CaPath holds no PEM certificate");
        }

        if (token is { } text && (text.Trim().Length == 0 || text.Trim().Any(c => c is < '!' or > '~')))
            throw new ArgumentException("the file of Decisions:Opa:TokenFile holds no token");
        return new Material(token?.Trim(), trusted, certificate is null ? null : X509Certificate2.CreateFromPem(certificate, key ?? certificate));
    }

    private string? Text(string? path) => string.IsNullOrEmpty(path) ? null : File.ReadAllText(fullPath(path), Encoding.UTF8);

    private sealed record Material(string? Token, X509Certificate2Collection? Authorities, X509Certificate2? ClientCertificate);
}
