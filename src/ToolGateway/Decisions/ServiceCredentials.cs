using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ToolGateway.Decisions;

/// <summary>Bearer token, trusted certificates and client certificate for a service, read again when their files change. The last good ones stay.</summary>
internal sealed class ServiceCredentials(ServiceCredentialFiles files, string section, Func<string, string> fullPath)
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
            var texts = (Token: Text(files.TokenFile), Authorities: Text(files.CaPath), Certificate: Text(files.ClientCertificatePath), Key: Text(files.ClientKeyPath));
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

    /// <summary>TLS with these credentials. The client certificate goes to <paramref name="host"/> only, where that is given.</summary>
    public SslClientAuthenticationOptions ClientTls(string? host = null) => new()
    {
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        LocalCertificateSelectionCallback = (_, target, _, _, _) => host is null || string.Equals(host, target, StringComparison.OrdinalIgnoreCase) ? ClientCertificate! : null!,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is X509Certificate2 leaf && errors switch
        {
            SslPolicyErrors.None => Authorities is null || IsTrusted(leaf, chain),
            SslPolicyErrors.RemoteCertificateChainErrors => Authorities is not null && IsTrusted(leaf, chain),
            _ => false,
        },
    };

    /// <summary>Whether a server's certificate chains to <c>CaPath</c>.</summary>
    private bool IsTrusted(X509Certificate2 certificate, X509Chain? presented)
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

    private Material Build(string? token, string? authorities, string? certificate, string? key)
    {
        X509Certificate2Collection? trusted = null;
        if (authorities is not null)
        {
            trusted = [];
            trusted.ImportFromPem(authorities);
            if (trusted.Count == 0)
                throw new ArgumentException($"the file of {section}:CaPath holds no PEM certificate");
        }

        if (token is { } text && (text.Trim().Length == 0 || text.Trim().Any(c => c is < '!' or > '~')))
            throw new ArgumentException($"the file of {section}:TokenFile holds no token");
        return new Material(token?.Trim(), trusted, certificate is null ? null : X509Certificate2.CreateFromPem(certificate, key ?? certificate));
    }

    private string? Text(string? path) => string.IsNullOrEmpty(path) ? null : File.ReadAllText(fullPath(path), Encoding.UTF8);

    private sealed record Material(string? Token, X509Certificate2Collection? Authorities, X509Certificate2? ClientCertificate);
}

/// <summary>The files that credentials for a service come from; each may be missing.</summary>
internal sealed record ServiceCredentialFiles(string? TokenFile, string? CaPath, string? ClientCertificatePath, string? ClientKeyPath);
