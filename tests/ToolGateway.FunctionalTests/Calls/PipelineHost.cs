using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;
using ToolGateway.Enforcement.Limits;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.Telemetry;
using ToolGateway.Testing;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Catalogue;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.FunctionalTests.Calls;

/// <summary>
/// The path of calls on a real socket in front of a tool that records bytes. Who calls is what the Authorization header says, the decision is the test's, and records
/// stay in memory: the tests of the whole gateway use the real ones.
/// </summary>
internal sealed class PipelineHost : IAsyncDisposable, ICallerIdentifier, IDecisionPoint
{
    private readonly WebApplication _app;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pipeline-");
    private readonly ClusterConfig[] _clusters;

    private PipelineHost(Action<ToolGatewayOptions, RawUpstream> configure, Func<RawUpstream, ClusterConfig[]> clusters, Action<IServiceCollection>? services)
    {
        _clusters = clusters(Upstream);
        Options = DefaultOptions(Upstream);
        configure(Options, Upstream);
        Snapshots = new SnapshotHolder(Snapshot(Options, _clusters));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            KestrelLimits.Apply(kestrel, Options.Limits, NullLogger.Instance);
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Snapshots);
        builder.Services.AddSingleton<ICallerIdentifier>(this);
        builder.Services.AddSingleton<IDecisionPoint>(this);
        builder.Services.AddSingleton<IAuditLog>(Audit);
        builder.Services.AddSingleton(AuditSettings.From(Options, _directory.FullName));
        builder.Services.AddTelemetry();
        builder.Services.AddCallPipeline();
        services?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapCallPipeline();
    }

    public ToolGatewayOptions Options { get; }

    public RawUpstream Upstream { get; } = RawUpstream.Start();

    public RecordingAuditLog Audit { get; } = new();

    public SnapshotHolder Snapshots { get; }

    public IServiceProvider Services => _app.Services;

    public int Port { get; private set; }

    public int Http2Port { get; private set; }

    /// <summary>What the policy says; default: allow.</summary>
    public Func<DecisionInput, Decision> Decide { get; set; } = static _ => Allow();

    public DateTimeOffset CredentialExpires { get; set; } = DateTimeOffset.MaxValue;

    public VerifiedIntent? VerifiedIntent { get; set; }

    public static Decision Allow(Obligations? obligations = null) =>
        new() { Allow = true, Engine = "embedded", PolicyRevision = "r1", Obligations = obligations ?? Obligations.None };

    public static async Task<PipelineHost> StartAsync(
        Action<ToolGatewayOptions, RawUpstream>? configure = null, Func<RawUpstream, ClusterConfig[]>? clusters = null, Action<IServiceCollection>? services = null)
    {
        var host = new PipelineHost(configure ?? ((_, _) => { }), clusters ?? (_ => []), services);
        await host._app.StartAsync();
        var addresses = host._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        host.Port = new Uri(addresses.First()).Port;
        host.Http2Port = new Uri(addresses.Last()).Port;
        return host;
    }

    public static GatewaySnapshot Snapshot(ToolGatewayOptions options, params ClusterConfig[] clusters)
    {
        var errors = new ConfigurationErrors();
        var agents = AgentRegistry.Build(options.Agents, errors);
        var catalogue = CatalogueBuilder.Build(
            options, clusters.ToDictionary(cluster => cluster.ClusterId, StringComparer.Ordinal), new FileSet(Path.GetTempPath()), errors);
        Assert.Empty(errors.Items);
        return new GatewaySnapshot
        {
            Options = options,
            ConfigurationRevision = "c1",
            AgentsByIdentity = agents.ByIdentity,
            AgentsByName = agents.ByName,
            Tools = catalogue.Tools,
            Trust = TrustMaterial.Empty,
            Clusters = catalogue.Clusters,
            PartRevisions = new Dictionary<string, string?>(StringComparer.Ordinal),
        };
    }

    public static ActionOptions Action(string method, string path, string? body = null, string risk = "low") =>
        new() { Method = method, Path = path, Body = body, Risk = risk, Effect = "read" };

    public HttpClient Client(string? caller = "support")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        if (caller is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + caller);
        return client;
    }

    /// <summary>Sends raw bytes on a connection of their own and gives back everything until the gateway closes it.</summary>
    /// <param name="end">Ends the sending side after the request.</param>
    public async Task<string> SendRawAsync(string request, bool end = false)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        if (end)
            tcp.Client.Shutdown(SocketShutdown.Send);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, timeout.Token);
        }
        catch (IOException)
        {
            // A reset after the answer is an end as well.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>Sends a request head as an identified caller.</summary>
    public Task<string> SendAsync(string line, string headers = "", string body = "") =>
        SendRawAsync($"{line} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer support\r\nConnection: close\r\n{headers}\r\n{body}");

    public ValueTask<IdentityResult> IdentifyAsync(HttpContext context, GatewaySnapshot snapshot, Tool? tool)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
            return new(new IdentityResult(null, new IdentityRefusal(401, ReasonCodes.CredentialMissing, "none", "Present a certificate or a token.", null)));
        var id = "spiffe://acme.test/agent/" + header["Bearer ".Length..];
        var caller = new Caller
        {
            Type = "agent",
            Id = id,
            Authentication = "jwt",
            Agent = snapshot.AgentsByIdentity.GetValueOrDefault(id),
            Intent = VerifiedIntent,
            Credential = new CredentialInfo("jwt", null, null, null, null, CredentialExpires),
        };
        return new(new IdentityResult(caller, null));
    }

    public ValueTask<Decision> DecideAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation) => new(Decide(input));

    public ValueTask<Visibility> VisibleAsync(GatewaySnapshot snapshot, DecisionInput input, CancellationToken cancellation) =>
        new(new Visibility(FrozenSet<string>.Empty, "embedded", "r1", null, false));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Upstream.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static ToolGatewayOptions DefaultOptions(RawUpstream upstream)
    {
        var options = new ToolGatewayOptions { PublicUrl = "https://gateway.acme.test" };
        options.Agents["support"] = new AgentOptions { Identities = ["spiffe://acme.test/agent/support"], Owner = "team@acme.test" };
        var tool = new ToolOptions { Upstream = upstream.Url, Owner = "team@acme.test", Risk = "medium" };
        tool.Actions["customers.read"] = Action("GET", "/customers/{id}");
        tool.Actions["customers.read"].Query["fields"] = "many";
        tool.Actions["customers.read"].Query["limit"] = "one";
        tool.Actions["search"] = Action("GET", "/search");
        tool.Actions["search"].Query["*"] = "many";
        tool.Actions["refunds.create"] = Action("POST", "/refunds", "json", "high");
        tool.Actions["files.put"] = Action("PUT", "/files/{name}", "opaque");
        options.Tools["crm"] = tool;
        return options;
    }
}
