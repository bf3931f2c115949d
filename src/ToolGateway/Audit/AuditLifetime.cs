using Microsoft.Extensions.Hosting;

namespace ToolGateway.Audit;

/// <summary>Opens the log before anything else starts and closes it after everything else has stopped: no call is served outside of that.</summary>
internal sealed class AuditLifetime(AuditLog log) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => log.OpenAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => log.StopAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
