using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>A gateway whose policy comes from a <see cref="BundleServer"/>.</summary>
internal sealed class BundleFixture : IAsyncDisposable
{
    private readonly SignedBundles _bundles = new();
    private GatewayFixture? _gateway;
    private X509Certificate2? _certificate;

    public BundleServer Server { get; } = new();

    public SignedBundles Bundles => _bundles;

    public GatewayFixture Gateway => _gateway!;

    public string PersistPath => Path.Combine(Gateway.Directory, "state", "bundle.tar.gz");

    /// <summary>Starts server and gateway. The server answers 404 unless <paramref name="first"/> says something else.</summary>
    public static async Task<BundleFixture> StartAsync(Action<BundleFixture>? first = null, Action<JsonObject>? configure = null, bool isServiceUp = true)
    {
        var fixture = new BundleFixture();
        first?.Invoke(fixture);
        var port = GatewayFixture.FreePort();
        fixture._gateway = await GatewayFixture.StartAsync(gateway =>
        {
            fixture._certificate = gateway.Certificates.IssueServer(["localhost", "127.0.0.1"]);
            if (isServiceUp)
                fixture.Server.StartAsync(fixture._certificate, port).GetAwaiter().GetResult();
            DevFiles.Write(gateway.Directory, "bundle.pub", fixture._bundles.PublicKey);
            DevFiles.Write(gateway.Directory, "bundle-token", "the-token\n");
            DevFiles.Write(gateway.Directory, "bundle-ca.pem", gateway.Certificates.Authority.ExportCertificatePem());
            var embedded = JsonNode.Parse($$"""
                { "VerificationKeyPath": "bundle.pub", "Timeout": "00:00:05",
                  "Bundle": { "Url": "https://localhost:{{port}}/bundles/policy.tar.gz", "PersistPath": "state/bundle.tar.gz", "TokenFile": "bundle-token", "CaPath": "bundle-ca.pem",
                              "MinDelay": "00:00:00.020", "MaxDelay": "00:00:00.050" } }
                """)!.AsObject();
            gateway.Configuration["Decisions"]!["Embedded"] = embedded;
            configure?.Invoke(embedded);
        });
        return fixture;
    }

    /// <summary>Starts the service (again) on its port.</summary>
    public Task StartServerAsync() => Server.StartAsync(_certificate!, new Uri(Gateway.Configuration["Decisions"]!["Embedded"]!["Bundle"]!["Url"]!.ToString()).Port);

    /// <summary>Waits until readiness says what a test wants, and gives status, the check <c>policy</c> and the check <c>bundle</c>.</summary>
    public async Task<Readiness> UntilAsync(Func<Readiness, bool> wanted)
    {
        using var client = new HttpClient();
        Readiness last = default;
        for (var deadline = Environment.TickCount64 + 30_000; Environment.TickCount64 < deadline; await Task.Delay(20))
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{Gateway.ProbesPort}/readyz"));
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            var checks = body.RootElement.GetProperty("checks");
            last = new Readiness((int)response.StatusCode, body.RootElement.GetProperty("status").GetString()!, Of("policy"), Of("bundle"), Of("configuration"));
            if (wanted(last))
                return last;

            string Of(string name) => checks.GetProperty(name).TryGetProperty("detail", out var detail) ? detail.GetString()! : "";
        }

        throw new TimeoutException($"readiness stays {last}");
    }

    /// <summary>What the gateway answers to a call that no bundle allows: the status, and the reasons.</summary>
    public async Task<string> ExportAsync()
    {
        using var certificate = Gateway.AgentCertificate("support");
        using var client = Gateway.Client(certificate);
        using var response = await client.GetAsync(new Uri("/tools/crm/customers", UriKind.Relative));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return $"{(int)response.StatusCode} {string.Join(',', problem.RootElement.GetProperty("reasons").EnumerateArray().Select(static reason => reason.GetString()))}";
    }

    public async Task<HttpStatusCode> ReadAsync()
    {
        using var certificate = Gateway.AgentCertificate("support");
        using var client = Gateway.Client(certificate);
        using var response = await client.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative));
        return response.StatusCode;
    }

    /// <summary>Waits until calls are decided by a bundle.</summary>
    public async Task UntilDecidesAsync(int revision)
    {
        var answer = "";
        for (var deadline = Environment.TickCount64 + 30_000; Environment.TickCount64 < deadline; await Task.Delay(20))
        {
            answer = await ExportAsync();
            if (answer == $"403 bundle_{revision}")
                return;
        }

        throw new TimeoutException($"the answer stays {answer}");
    }

    /// <summary>Samples of <c>/metrics</c> that begin with a name.</summary>
    public async Task<IReadOnlyList<string>> MetricsAsync(string name)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{Gateway.ProbesPort}/metrics"));
        return [.. text.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))];
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        await Server.DisposeAsync();
        _certificate?.Dispose();
        _bundles.Dispose();
    }
}

/// <summary>What <c>/readyz</c> says.</summary>
internal readonly record struct Readiness(int Code, string Status, string Policy, string Bundle, string Configuration);
