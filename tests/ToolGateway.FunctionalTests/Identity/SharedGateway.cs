using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Identity;

/// <summary>One gateway for the tests that change nothing in it.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    internal GatewayFixture Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    /// <summary>Status of a call with exactly these certificates in the handshake: by default the client would look for more, even on the network.</summary>
    internal async Task<HttpStatusCode> StatusAsync(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        using var handler = new SocketsHttpHandler { SslOptions = ClientTls(certificate, sent) };
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(new Uri($"{Gateway.PublicUrl}/tools/crm/customers/42"));
        return response.StatusCode;
    }

    internal static SslClientAuthenticationOptions ClientTls(X509Certificate2 certificate, X509Certificate2Collection sent) => new()
    {
        TargetHost = "localhost",
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        ClientCertificateContext = SslStreamCertificateContext.Create(certificate, sent, offline: true),
    };

    /// <summary>A certificate signed by <paramref name="issuer"/> with the names and properties of an honest one, but for what <paramref name="change"/> does.</summary>
    internal static X509Certificate2 Issue(
        X509Certificate2? issuer, string[] uris, Action<CertificateRequest>? change = null, TimeSpan? start = null, TimeSpan? end = null,
        string subject = "CN=agent")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var uri in uris)
            names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        if (uris.Length > 0)
            request.CertificateExtensions.Add(names.Build());
        change?.Invoke(request);
        var now = TimeProvider.System.GetUtcNow();
        var (notBefore, notAfter) = (now + (start ?? TimeSpan.FromMinutes(-5)), now + (end ?? TimeSpan.FromHours(1)));
        if (issuer is null)
            return request.CreateSelfSigned(notBefore, notAfter);
        using var certificate = request.Create(issuer, notBefore, notAfter, [1, 2, 3, 4]);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>An authority below the fixture's.</summary>
    internal static X509Certificate2 Intermediate(DevCertificates authority) => Issue(authority.Authority, [], static request =>
    {
        request.CertificateExtensions.Clear();
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
    }, subject: "CN=intermediate");
}
