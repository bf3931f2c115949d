using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit.Writing;
using ToolGateway.Host.Dev;
using ToolGateway.Host.Serve;
using ToolGateway.Hosting;

namespace ToolGateway.Testing;

/// <summary>
/// The real gateway on real sockets with real TLS, in front of a <see cref="RawUpstream"/>, with the shipped policies and a configuration that a test may change
/// before the start (<c>configure</c>) or while it runs (<see cref="WriteConfigurationAsync"/>).
/// </summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, byte> GivenPorts = new();

    public const string TrustDomain = "acme.test";
    public const string Issuer = "https://issuer.acme.test";

    private WebApplication? _app;

    private GatewayFixture()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("toolgateway-test-").FullName;
        Port = FreePort();
        ProbesPort = FreePort();
        AdministrationPort = FreePort();
        Configuration = DefaultConfiguration();
    }

    public string Directory { get; }

    public int Port { get; }

    public int ProbesPort { get; }

    public int AdministrationPort { get; }

    public DevCertificates Certificates { get; } = DevCertificates.Create(TrustDomain);

    public DevTokens Tokens { get; } = DevTokens.Create();

    public RawUpstream Upstream { get; } = RawUpstream.Start();

    public JsonObject Configuration { get; }

    /// <summary>The disk of the audit log, for tests in which it fails.</summary>
    public FaultyStorage? AuditStorage { get; set; }

    public string PublicUrl => $"https://localhost:{Port}";

    public string PolicyDirectory => Path.Combine(Directory, "policies");

    public string AuditDirectory => Path.Combine(Directory, "audit");

    public IServiceProvider Services => _app!.Services;

    public static async Task<GatewayFixture> StartAsync(Action<GatewayFixture>? configure = null)
    {
        var fixture = Prepare(configure);
        await fixture.RunAsync();
        return fixture;
    }

    /// <summary>Everything but the gateway, for one that runs as a <see cref="GatewayProcess"/>.</summary>
    public static GatewayFixture Prepare(Action<GatewayFixture>? configure = null)
    {
        var fixture = new GatewayFixture();
        fixture.WriteMaterial();
        configure?.Invoke(fixture);
        fixture.WriteConfiguration();
        return fixture;
    }

    /// <summary>For tests that call as fast as they can: the default rates are within reach of a fast machine.</summary>
    public void LiftRates() => Configuration["Limits"] = JsonNode.Parse("""
        { "PerSource": { "PerSecond": 1000000 }, "PerCaller": { "PerSecond": 1000000 }, "PerTool": { "PerSecond": 1000000 } }
        """);

    /// <summary>Stops the gateway and starts it again on the same files and ports.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await RunAsync();
    }

    /// <summary>Ends the gateway as a signal would; calls that are still open after a moment (one second) are cut.</summary>
    public async Task StopAsync(TimeSpan? moment = null)
    {
        if (_app is null)
            return;
        using (var patience = new CancellationTokenSource(moment ?? TimeSpan.FromSeconds(1)))
            await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Changes the configuration of the running gateway and waits until the change is taken or refused.</summary>
    public async Task WriteConfigurationAsync(Action<JsonObject> change)
    {
        change(Configuration);
        await AfterReloadAsync(WriteConfiguration);
    }

    /// <summary>Makes a change to files and waits until the gateway has taken or refused it.</summary>
    public async Task AfterReloadAsync(Action change)
    {
        var status = (ReloadStatus)Services.GetService(typeof(ReloadStatus))!;
        var before = status.AcceptedCount + status.RefusedCount;
        change();
        var deadline = Environment.TickCount64 + 10_000;
        while (status.AcceptedCount + status.RefusedCount == before)
        {
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException("the gateway did not notice the change");
            await Task.Delay(20);
        }
    }

    /// <summary>SVID of the agent with this name, with its key.</summary>
    public X509Certificate2 AgentCertificate(string agent) => Certificates.IssueSvid(Certificates.AgentId(agent));

    /// <summary>An access token; the default is for the agent <c>support</c> by client id.</summary>
    public string Token(string client = "support", Func<DevTokenRequest, DevTokenRequest>? change = null)
    {
        var request = new DevTokenRequest { Issuer = Issuer, Audiences = ["tool-gateway"], Subject = client, ClientId = client };
        return Tokens.Sign(change is null ? request : change(request));
    }

    /// <summary>A client that trusts the gateway's certificate, and presents a certificate and a token when given.</summary>
    public HttpClient Client(X509Certificate2? certificate = null, string? token = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ResponseDrainTimeout = TimeSpan.Zero,
            SslOptions = ClientTls(certificate),
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri(PublicUrl) };
        if (token is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return client;
    }

    /// <summary>A TLS connection to send bytes that no HTTP client would.</summary>
    /// <param name="from">Address of the client's end: any of 127.0.0.0/8 tells this client from others in the log.</param>
    /// <param name="protocol">Protocol that the client asks for in the handshake.</param>
    public async Task<SslStream> ConnectAsync(X509Certificate2? certificate = null, IPAddress? from = null, SslApplicationProtocol? protocol = null)
    {
        var tls = new SslStream(await ConnectTcpAsync(from), leaveInnerStreamOpen: false);
        var options = ClientTls(certificate);
        if (protocol is { } asked)
            options.ApplicationProtocols = [asked];
        await tls.AuthenticateAsClientAsync(options);
        return tls;
    }

    /// <summary>A connection without TLS to the listener of calls.</summary>
    public async Task<NetworkStream> ConnectTcpAsync(IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Sends raw bytes on a connection of their own and gives back everything until the gateway closes it.</summary>
    public async Task<string> SendRawAsync(string request, X509Certificate2? certificate = null)
    {
        await using var tls = await ConnectAsync(certificate);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var answer = new MemoryStream();
        await UntilClosedAsync(tls.WriteAsync(Encoding.Latin1.GetBytes(request), timeout.Token).AsTask());
        await UntilClosedAsync(tls.CopyToAsync(answer, timeout.Token));
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>The gateway may have answered before it had read everything, and a reset after the answer is an end as well.</summary>
    private static async Task UntilClosedAsync(Task step)
    {
        try
        {
            await step;
        }
        catch (IOException)
        {
            // What was received until then is what counts.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Upstream.DisposeAsync();
        Certificates.Dispose();
        Tokens.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>
    /// A port that nobody has, below those that the system hands out: one of these may be an outgoing connection's by the time that a server binds it, or binds it again.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);

            // What another fixture was given may be unbound just now: before its start, or while it starts again.
            if (!GivenPorts.TryAdd(port, 0))
                continue;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }

    private SslClientAuthenticationOptions ClientTls(X509Certificate2? certificate) => new()
    {
        TargetHost = "localhost",
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        ClientCertificates = certificate is null ? null : [Usable(certificate)],
        LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => Usable(certificate),
    };

    private static X509Certificate2 Usable(X509Certificate2 certificate) => certificate;

    private async Task RunAsync()
    {
        var configuration = GatewayConfiguration.Read(Path.Combine(Directory, "appsettings.json"));
        if (configuration.Errors.Count > 0)
            throw new InvalidOperationException(string.Join(Environment.NewLine, configuration.Errors));
        _app = GatewayApplication.Build(configuration, builder =>
        {
            builder.Logging.ClearProviders();
            if (AuditStorage is not null)
                builder.Services.AddSingleton<SegmentStorage>(AuditStorage);
        });
        await _app.StartAsync();
    }

    private void WriteMaterial()
    {
        DevFiles.Write(Directory, "bundle.json", Certificates.BundleJson());
        DevFiles.Write(Directory, "jwks.json", Tokens.JwksJson());
        using var server = Certificates.IssueServer(["localhost", "127.0.0.1"]);
        DevFiles.Write(Directory, "gateway.pem", server.ExportCertificatePem());
        DevFiles.WriteKey(Directory, "gateway.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        DevFiles.Write(Directory, "crm-token", "the-tools-own-secret");
        Copy(Repository.Path("policies"), PolicyDirectory);
    }

    /// <summary>Writes the configuration beside the old one and moves it into place.</summary>
    public void WriteConfiguration() => DevFiles.Write(Directory, "appsettings.json", new JsonObject { ["ToolGateway"] = Configuration.DeepClone() }.ToJsonString());

    private static void Copy(string from, string to)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private JsonObject DefaultConfiguration() => JsonNode.Parse($$"""
        {
          "PublicUrl": "https://localhost:{{Port}}",
          "Instance": "gw-test",
          "Listen": { "Address": "https://127.0.0.1:{{Port}}", "CertificatePath": "gateway.pem", "KeyPath": "gateway.key" },
          "Management": { "Probes": "http://127.0.0.1:{{ProbesPort}}", "Address": "http://127.0.0.1:{{AdministrationPort}}" },
          "Identity": {
            "TrustDomains": { "acme.test": { "BundlePath": "bundle.json", "Audience": "tool-gateway" } },
            "Issuers": { "acme-idp": { "Issuer": "{{Issuer}}", "Audience": "tool-gateway", "JwksPath": "jwks.json",
                                       "Claims": { "Task": "task", "Purpose": "purpose" } } }
          },
          "Agents": {
            "support": { "Identities": [ "spiffe://acme.test/agent/support", "{{Issuer}}#support" ],
                         "Owner": "team-support@acme.test", "Environment": "prod", "Tenant": "acme" },
            "reporting": { "Identities": [ "spiffe://acme.test/agent/reporting", "{{Issuer}}#reporting" ],
                           "Owner": "team-reporting@acme.test", "Environment": "prod", "Tenant": "acme" }
          },
          "Tools": {
            "crm": {
              "Upstream": "{{Upstream.Url}}", "Owner": "team-crm@acme.test", "Environment": "prod", "Tenant": "acme", "Risk": "medium",
              "Destination": "internal", "Data": [ "pii" ], "ServerTiming": true,
              "Credential": { "ValueFile": "crm-token" },
              "Actions": {
                "customers.read": { "Method": "GET", "Path": "/customers/{id}", "Query": { "fields": "many" }, "Risk": "low", "Effect": "read" },
                "customers.export": { "Method": "GET", "Path": "/customers", "Risk": "high", "Effect": "export" },
                "refunds.create": { "Method": "POST", "Path": "/refunds", "Body": "json", "Risk": "high", "Effect": "write" }
              }
            }
          },
          "Decisions": { "Engine": "Embedded", "Embedded": { "PolicyPath": "policies", "Timeout": "00:00:05" } },
          "Audit": { "Path": "audit" }
        }
        """)!.AsObject();
}
