using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ToolGateway.Hosting;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Identity.Certificates;

/// <summary>The content of a bundle file: a SPIFFE bundle (a JWK Set with <c>use</c>), or PEM certificates.</summary>
internal sealed record TrustBundle(X509Certificate2Collection Authorities, KeySet TokenKeys, long? Sequence)
{
    /// <summary>Reads a bundle; null with what is wrong and how to repair it.</summary>
    public static TrustBundle? Read(ReadOnlyMemory<byte> content, out string problem)
    {
        try
        {
            problem = "";
            return IsJson(content.Span) ? ReadJson(content) : ReadPem(content.Span);
        }
        catch (JsonException e)
        {
            problem = $"it is not a SPIFFE bundle ({JsonProblem.WithPlace(e)}); write a JWK Set with the members keys and spiffe_sequence, or PEM certificates";
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or CryptographicException)
        {
            problem = e is BundleException ? e.Message : "a certificate in it cannot be read; write each authority as DER in x5c, or as PEM";
        }

        return null;
    }

    private static bool IsJson(ReadOnlySpan<byte> content)
    {
        var start = content.TrimStart(" \t\r\n"u8);
        return start.Length > 0 && start[0] == '{';
    }

    private static TrustBundle ReadJson(ReadOnlyMemory<byte> content)
    {
        using var document = StrictJson.Parse(content);
        var authorities = new X509Certificate2Collection();
        var tokenKeys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        foreach (var key in StrictJson.Keys(document))
        {
            // Other uses, and keys without one, are for other purposes and ignored, as SPIFFE says.
            switch (key.TryGetProperty("use", out var use) ? use.GetString() : null)
            {
                case "x509-svid":
                    authorities.Add(ReadAuthority(key));
                    break;
                case "jwt-svid":
                    AddTokenKey(key, tokenKeys);
                    break;
            }
        }

        long? sequence = document.RootElement.TryGetProperty("spiffe_sequence", out var number) ? number.GetInt64() : null;
        return new TrustBundle(authorities, new KeySet(tokenKeys.Values, SHA256.HashData(content.Span)), sequence);
    }

    private static X509Certificate2 ReadAuthority(JsonElement key)
    {
        if (!key.TryGetProperty("x5c", out var chain) || chain.GetArrayLength() != 1)
            throw new BundleException("an x509-svid key needs x5c with exactly one certificate");
        return CheckAuthority(X509CertificateLoader.LoadCertificate(chain[0].GetBytesFromBase64()));
    }

    private static void AddTokenKey(JsonElement jwk, Dictionary<string, VerificationKey> keys)
    {
        if (VerificationKey.Read(jwk, out var problem) is not { } key)
            throw new BundleException(problem is null ? "a jwt-svid key is not an RSA or EC key" : $"a jwt-svid key {problem}");
        if (string.IsNullOrEmpty(key.KeyId) || !keys.TryAdd(key.KeyId, key))
            throw new BundleException("every jwt-svid key needs a kid of its own");
    }

    private static TrustBundle ReadPem(ReadOnlySpan<byte> content)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Encoding.ASCII.GetString(content));
        if (authorities.Count == 0)
            throw new BundleException("it holds no certificate; to revoke every key, write a SPIFFE bundle with \"keys\": []");
        foreach (var authority in authorities)
            CheckAuthority(authority);
        return new TrustBundle(authorities, new KeySet([], []), null);
    }

    private static X509Certificate2 CheckAuthority(X509Certificate2 certificate)
    {
        var isAuthority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
        if (!isAuthority || !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
            throw new BundleException($"the certificate '{certificate.Subject}' is not a root authority (cA=true, issued by itself); list only those");
        return certificate;
    }

#pragma warning disable CA1064 // It never leaves this type.
    private sealed class BundleException(string message) : FormatException(message);
#pragma warning restore CA1064
}
