using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolGateway.Host.Dev;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.Identity.Certificates;
using ToolGateway.Identity.Tokens;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Identity;

/// <summary>Identification with real keys, a clock of its own and files in a temporary folder.</summary>
internal sealed class IdentityKit : IDisposable
{
    public const string PublicUrl = "https://gateway.acme.test";
    public const string IssuerUrl = "https://issuer.acme.test";
    public const string SupportId = "spiffe://acme.test/agent/support";

    private readonly RememberedTokens _remembered;
    private readonly string _directory = Directory.CreateTempSubdirectory("toolgateway-identity").FullName;

    public IdentityKit(Action<IdentityKit>? change = null)
    {
        Authority = DevCertificates.Create("acme.test", Clock);
        OtherAuthority = DevCertificates.Create("other.test", Clock);
        Tokens = DevTokens.Create(Clock);
        SvidTokens = DevTokens.Create(Clock);
        Options = new ToolGatewayOptions { PublicUrl = PublicUrl };
        Options.Identity.TrustDomains["acme.test"] = new TrustDomainOptions { BundlePath = "acme.json", Audience = "tool-gateway" };
        Options.Identity.TrustDomains["other.test"] = new TrustDomainOptions { BundlePath = "other.pem" };
        Options.Identity.Issuers["idp"] = new IssuerOptions { Issuer = IssuerUrl, Audience = "tool-gateway", JwksPath = "jwks.json" };
        Options.Agents["support"] = new AgentOptions { Owner = "team", Identities = [SupportId, $"{IssuerUrl}#support"] };
        Write("acme.json", Authority.BundleJson(1, SvidTokens));
        Write("other.pem", OtherAuthority.Authority.ExportCertificatePem());
        Write("jwks.json", Tokens.JwksJson());
        change?.Invoke(this);
        _remembered = new RememberedTokens(Clock);
        Identifier = new CallerIdentifier(_remembered, new TokenVerifier(Clock, _remembered, Log), Clock);
        Snapshot = Load();
    }

    public ManualClock Clock { get; } = new();

    public Messages Log { get; } = new();

    public DevCertificates Authority { get; }

    public DevCertificates OtherAuthority { get; }

    public DevTokens Tokens { get; }

    public DevTokens SvidTokens { get; }

    public ToolGatewayOptions Options { get; }

    public CallerIdentifier Identifier { get; }

    public GatewaySnapshot Snapshot { get; private set; }

    public int RememberedCount => _remembered.Count;

    public IssuerOptions Issuer => Options.Identity.Issuers["idp"];

    public void Write(string name, string text) => DevFiles.Write(_directory, name, text);

    /// <summary>Reads options and files again, as the loader does after a change.</summary>
    public void Reload() => Snapshot = Load();

    /// <summary>What loading says is wrong.</summary>
    public IReadOnlyList<ConfigurationError> Errors()
    {
        var errors = new ConfigurationErrors();
        TrustMaterial.Load(Options.Identity, Options.PublicUrl, new FileSet(_directory), errors, Snapshot?.Trust, Clock);
        return errors.Items;
    }

    public DevTokenRequest Request(string subject = "support", string? client = "support") =>
        new() { Issuer = IssuerUrl, Audiences = ["tool-gateway"], Subject = subject, ClientId = client };

    public string Token(Func<DevTokenRequest, DevTokenRequest>? change = null) => Tokens.Sign(change is null ? Request() : change(Request()));

    public string TokenWith(string claim, JsonNode? value) => Token(request => request with { Extra = new JsonObject { [claim] = value } });

    public X509Certificate2 Svid(string id = SupportId) => Authority.IssueSvid(id);

    public X509Certificate2 Forged(CertificateShape shape) => Forge.Certificate(Authority.Authority, Clock.GetUtcNow(), shape);

    /// <summary>A request with these credentials on a connection of its own.</summary>
    public static HttpContext Context(string? token = null, X509Certificate2? certificate = null, IReadOnlyList<X509Certificate2>? sent = null)
    {
        var context = new DefaultHttpContext();
        if (token is not null)
            // The same text object for the same header, as the server gives it to the requests of a connection.
            context.Request.Headers.Authorization = string.Intern($"Bearer {token}");
        if (certificate is not null)
            context.Features.Set(new ClientCertificate(certificate.RawData, [.. (sent ?? []).Select(other => other.RawData)]));
        return context;
    }

    public async Task<IdentityResult> IdentifyAsync(HttpContext context, Tool? tool = null) => await Identifier.IdentifyAsync(context, Snapshot, tool);

    public Task<IdentityResult> IdentifyAsync(string? token = null, X509Certificate2? certificate = null, Tool? tool = null) =>
        IdentifyAsync(Context(token, certificate), tool);

    public async Task<Caller> AcceptAsync(string? token = null, X509Certificate2? certificate = null, Tool? tool = null)
    {
        var result = await IdentifyAsync(token, certificate, tool);
        Assert.True(result.Caller is not null, $"refused: {result.Refusal}");
        Assert.Null(result.Refusal);
        return result.Caller;
    }

    public async Task<IdentityRefusal> RefuseAsync(string reason, string? token = null, X509Certificate2? certificate = null, Tool? tool = null)
    {
        var result = await IdentifyAsync(token, certificate, tool);
        Assert.True(result.Refusal is not null, $"accepted: {result.Caller}");
        Assert.Null(result.Caller);
        Assert.Equal((reason, 401), (result.Refusal.Reason, result.Refusal.Status));
        return result.Refusal;
    }

    public static Tool Tool(string name = "crm", string authentication = "any") => new()
    {
        Name = name,
        IsMcp = false,
        Owner = "team",
        Risk = Risk.Low,
        Authentication = authentication,
        ClusterId = name,
        UpstreamPath = "",
        Timeout = TimeSpan.FromSeconds(1),
        Routes = ActionRoutes.Empty,
    };

    public void Dispose()
    {
        Authority.Dispose();
        OtherAuthority.Dispose();
        Tokens.Dispose();
        SvidTokens.Dispose();
        _remembered.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private GatewaySnapshot Load()
    {
        var errors = new ConfigurationErrors();
        var trust = TrustMaterial.Load(Options.Identity, Options.PublicUrl, new FileSet(_directory), errors, Snapshot?.Trust, Clock);
        var agents = AgentRegistry.Build(Options.Agents, errors);
        Assert.Empty(errors.Items);
        return new GatewaySnapshot
        {
            Options = Options,
            ConfigurationRevision = "1",
            AgentsByIdentity = agents.ByIdentity,
            AgentsByName = agents.ByName,
            Tools = new[] { Tool() }.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal),
            Trust = trust,
            PartRevisions = new Dictionary<string, string?>(),
            Clusters = [],
        };
    }

    /// <summary>What was logged.</summary>
    internal sealed class Messages : ILogger<TokenVerifier>
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Items { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Items.Enqueue(formatter(state, exception));
    }
}
