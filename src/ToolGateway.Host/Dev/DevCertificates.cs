using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace ToolGateway.Host.Dev;

/// <summary>A certificate authority of one SPIFFE trust domain for trying things out and for tests; its keys are ordinary files, so never for production.</summary>
internal sealed class DevCertificates : IDisposable
{
    /// <summary>Clocks of a developer's machines differ a little.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(30);

    private readonly TimeProvider _clock;

    private DevCertificates(string trustDomain, X509Certificate2 authority, TimeProvider clock)
    {
        TrustDomain = trustDomain;
        Authority = authority;
        _clock = clock;
    }

    public string TrustDomain { get; }

    /// <summary>The authority's certificate with its key.</summary>
    public X509Certificate2 Authority { get; }

    public static DevCertificates Create(string trustDomain, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=ToolGateway development CA, O={trustDomain}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var start = clock.GetUtcNow() - Backdated;
        return new DevCertificates(trustDomain, request.CreateSelfSigned(start, start + AuthorityLifetime), clock);
    }

    /// <summary>Goes on with the authority of an earlier run.</summary>
    public static DevCertificates Load(string trustDomain, string certificatePem, string keyPem, TimeProvider? clock = null) =>
        new(trustDomain, X509Certificate2.CreateFromPem(certificatePem, keyPem), clock ?? TimeProvider.System);

    /// <summary>SPIFFE id of the agent called <paramref name="name"/>.</summary>
    public string AgentId(string name) => $"spiffe://{TrustDomain}/agent/{name}";

    /// <summary>An X.509-SVID with its key, for <paramref name="spiffeId"/>.</summary>
    public X509Certificate2 IssueSvid(string spiffeId, TimeSpan? lifetime = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(spiffeId));
        return Issue("CN=agent", names, lifetime ?? TimeSpan.FromHours(12));
    }

    /// <summary>A server certificate with its key, for DNS names and IP addresses.</summary>
    public X509Certificate2 IssueServer(IEnumerable<string> hosts, TimeSpan? lifetime = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        return Issue("CN=gateway", names, lifetime ?? AuthorityLifetime);
    }

    /// <summary>The trust domain's SPIFFE bundle: this authority and the keys of <paramref name="svidSigners"/> for JWT-SVIDs.</summary>
    public string BundleJson(long sequence = 1, params DevTokens[] svidSigners)
    {
        var authority = new JsonObject { ["use"] = "x509-svid" };
        using (var key = Authority.GetECDsaPublicKey()!)
            DevTokens.DescribeKey(authority, key);
        authority["x5c"] = new JsonArray(Convert.ToBase64String(Authority.RawData));
        var keys = new JsonArray(authority);
        foreach (var signer in svidSigners)
            keys.Add(signer.PublicJwk("jwt-svid"));
        return new JsonObject { ["spiffe_sequence"] = sequence, ["spiffe_refresh_hint"] = 300, ["keys"] = keys }.ToJsonString(DevFiles.Indented);
    }

    public void Dispose() => Authority.Dispose();

    private X509Certificate2 Issue(string subject, SubjectAlternativeNameBuilder names, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"{subject}, O={TrustDomain}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Authority, true, false));
        request.CertificateExtensions.Add(names.Build());
        var start = _clock.GetUtcNow() - Backdated;
        var end = start + lifetime;
        var authorityEnd = new DateTimeOffset(Authority.NotAfter.ToUniversalTime());
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using var certificate = request.Create(Authority, start, end < authorityEnd ? end : authorityEnd, serial);
        return certificate.CopyWithPrivateKey(key);
    }
}
