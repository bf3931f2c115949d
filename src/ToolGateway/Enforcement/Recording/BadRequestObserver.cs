using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using ToolGateway.Hosting;

namespace ToolGateway.Enforcement.Recording;

/// <summary>Hears of each request that Kestrel refuses by itself (400, 408, 414, 431, 505 and the like), from the event that it writes for this purpose.</summary>
internal sealed class BadRequestObserver(DiagnosticListener listener, ServerRefusals refusals) : IHostedService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = listener.Subscribe(this, static name => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != BadRequest || value.Value is not IFeatureCollection request || request.Get<IBadRequestExceptionFeature>()?.Error is not { } error)
            return;

        // A call that had begun leaves its own pair, whatever became of its body; probes and administration are no calls.
        if (request.Get<GatewayCall>() is not null || request.Get<ListenerFeature>() is { Role: not ListenerRole.Calls })
            return;
        var status = error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
        refusals.Record(request.Get<IHttpConnectionFeature>()?.RemoteIpAddress, status);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
