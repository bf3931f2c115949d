using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting.Internal;
using ToolGateway.Decisions;
using ToolGateway.Enforcement;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Enforcement.Recording;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.Load;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Benchmarks;

/// <summary>The gateway's own services with the load harness's configuration, without listeners: each stage can be called alone.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly Scratch _scratch = new(AppContext.BaseDirectory, Scratch.FreePort());
    private readonly ServiceProvider _services;

    public Gateway(params string[] settings)
    {
        var configuration = GatewayConfiguration.Read(Path.Combine(_scratch.Directory, "plain.json"), settings);
        if (configuration.Errors.Count > 0)
            throw new InvalidOperationException(string.Join('\n', configuration.Errors));
        Snapshot = configuration.Snapshot;
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders()).AddMetrics().AddSingleton<IHostApplicationLifetime, ApplicationLifetime>().AddToolGateway(configuration);
        _services = services.BuildServiceProvider();
    }

    public GatewaySnapshot Snapshot { get; }

    public string Token => _scratch.Token;

    public byte[] Certificate => _scratch.AgentCertificate.RawData;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A request as the pipeline sees it.</summary>
    public DefaultHttpContext Request(string method, string target, bool withToken)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = target;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        if (withToken)
            context.Request.Headers.Authorization = $"Bearer {Token}";
        if (method == HttpMethods.Get)
            context.Features.Set<IHttpRequestBodyDetectionFeature>(BodyPresence.None);
        return context;
    }

    /// <summary>The call that a request makes, its caller identified.</summary>
    public async Task<(GatewayCall Call, ToolTarget Target)> BeginAsync(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (TargetReader.Read(raw, out var target) is { } refusal)
            throw new InvalidOperationException(refusal.Detail);
        var call = new GatewayCall(Snapshot, new string('0', 32), TimeProvider.System.GetUtcNow(), 0) { Peer = new RemoteAddress("127.0.0.1", "127.0.0.1"), Tool = Snapshot.Tools[target.ToolName.ToString()] };
        var identity = await Get<ICallerIdentifier>().IdentifyAsync(context, Snapshot, call.Tool);
        call.Caller = identity.Caller ?? throw new InvalidOperationException(identity.Refusal!.Detail);
        return (call, target);
    }

    /// <summary>What the decision point is asked for a request.</summary>
    public async Task<DecisionInput> InputAsync(HttpContext context)
    {
        var (call, target) = await BeginAsync(context);
        var classification = await Get<ToolProtocols>().Of(call.Tool).ClassifyAsync(context, call, target);
        return classification.Call is { } classified
            ? new DecisionInput(call.Caller!, classified, call.Id, call.Peer.Text, call.Received)
            : throw new InvalidOperationException(classification.Refusal!.Detail);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _scratch.Dispose();
    }
}
