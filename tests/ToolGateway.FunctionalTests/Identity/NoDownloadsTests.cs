using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ToolGateway.FunctionalTests.Identity;

/// <summary>A client's certificate cannot make the gateway connect anywhere.</summary>
public sealed class NoDownloadsTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Fact]
    public async Task Call_CertificateThatPointsElsewhere_CausesNoConnection()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/";
        using var intermediate = SharedGateway.Intermediate(shared.Gateway.Certificates);

        // The missing intermediate and the revocation list are said to be at the address.
        using var certificate = SharedGateway.Issue(
            intermediate,
            ["spiffe://acme.test/agent/support"],
            request =>
            {
                request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([$"{address}ocsp"], [$"{address}ca.cer"]));
                request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{address}crl"]));
            },
            end: TimeSpan.FromMinutes(30));

        Assert.Equal(HttpStatusCode.Unauthorized, await shared.StatusAsync(certificate, []));
        Assert.False(elsewhere.Pending());
    }
}
