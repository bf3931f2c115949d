using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;

namespace ToolGateway.Tests.Decisions.Opa;

public sealed class OpaTransportTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("toolgateway-opa-").FullName;
    private readonly DevCertificates _certificates = DevCertificates.Create("acme.test");

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Decide_UnixSocket_Works()
    {
        var socket = Path.Combine(_directory, "opa.sock");
        await using var server = await StartAsync(kestrel => kestrel.ListenUnixSocket(socket));
        await using var harness = Harness($"unix://{socket}");
        Assert.True((await harness.DecideAsync()).Allow);
        Assert.Contains("HTTP/1.1 /v1/data/toolgateway/decision", server.Seen);
    }

    [Fact]
    public async Task Decide_Http2WithoutTls_Works()
    {
        await using var server = await StartAsync(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var harness = Harness(server.Address("http"), options => options.Http2 = true);
        Assert.True((await harness.DecideAsync()).Allow);
        Assert.Contains("HTTP/2 /v1/data/toolgateway/decision", server.Seen);
    }

    [Fact]
    public async Task Decide_MutualTls_Works()
    {
        await using var server = await StartTlsAsync(_certificates);
        await using var harness = Harness(server.Address("https"), options =>
        {
            options.CaPath = Write("ca.pem", _certificates.Authority.ExportCertificatePem());
            (options.ClientCertificatePath, options.ClientKeyPath) = ClientCertificate();
        });
        Assert.True((await harness.DecideAsync()).Allow);
        Assert.Contains("client spiffe", server.Seen);
    }

    [Fact]
    public async Task Decide_ServerOfAnotherAuthority_IsRefused()
    {
        using var other = DevCertificates.Create("acme.test");
        await using var server = await StartTlsAsync(other);
        await using var harness = Harness(server.Address("https"), options => options.CaPath = Write("ca.pem", _certificates.Authority.ExportCertificatePem()));
        Assert.Equal([ReasonCodes.PolicyUnavailable], (await harness.DecideAsync()).Reasons);
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task Decide_ServerOfAnotherName_IsRefused()
    {
        await using var server = await StartTlsAsync(_certificates, "other.test");
        await using var harness = Harness(server.Address("https"), options => options.CaPath = Write("ca.pem", _certificates.Authority.ExportCertificatePem()));
        Assert.Equal([ReasonCodes.PolicyUnavailable], (await harness.DecideAsync()).Reasons);
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task Decide_WithoutCa_TrustsOnlyTheSystem()
    {
        await using var server = await StartTlsAsync(_certificates);
        await using var harness = Harness(server.Address("https"));
        Assert.True((await harness.DecideAsync()).IsUnavailable);
        Assert.Empty(server.Seen);
    }

    private static DecisionHarness Harness(string address, Action<OpaOptions>? configure = null) => new(options =>
    {
        options.Engine = "Opa";
        options.Opa.Address = address;
        options.Opa.Timeout = TimeSpan.FromSeconds(5);
        configure?.Invoke(options.Opa);
    });

    private (string Certificate, string Key) ClientCertificate()
    {
        using var certificate = _certificates.IssueSvid("spiffe://acme.test/gateway");
        using var key = certificate.GetECDsaPrivateKey()!;
        return (Write("client.pem", certificate.ExportCertificatePem()), Write("client.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static Task<Server> StartTlsAsync(DevCertificates certificates, string host = "localhost") => StartAsync(kestrel => kestrel.Listen(
        IPAddress.Loopback,
        0,
        listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = X509CertificateLoader.LoadPkcs12(certificates.IssueServer([host]).Export(X509ContentType.Pkcs12), null);
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));

    private static async Task<Server> StartAsync(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listen);
        var server = new Server(builder.Build());
        await server.StartAsync();
        return server;
    }

    /// <summary>Answers every question with allow, and remembers what it saw.</summary>
    private sealed class Server(WebApplication application) : IAsyncDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _seen = new();

        public IReadOnlyCollection<string> Seen => _seen;

        public async Task StartAsync()
        {
            application.Run(async context =>
            {
                _seen.Enqueue($"{context.Request.Protocol} {context.Request.Path}");
                if (context.Connection.ClientCertificate is { } certificate)
                    _seen.Enqueue(certificate.Extensions.Any(extension => extension.Oid?.Value == "2.5.29.17") ? "client spiffe" : "client");
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"result":{"allow":true}}""");
            });
            await application.StartAsync();
        }

        public string Address(string scheme) => $"{scheme}://localhost:{new Uri(application.Urls.First()).Port}";

        public ValueTask DisposeAsync() => application.DisposeAsync();
    }
}
