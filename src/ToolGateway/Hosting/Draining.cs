using Microsoft.Extensions.Hosting;
using ToolGateway.Enforcement.Forwarding;

namespace ToolGateway.Hosting;

/// <summary>
/// Turns readiness red when the host begins to stop, and keeps the listeners open while calls are: a probe sees the red answer, not a refused connection.
/// </summary>
internal sealed class Draining(HealthChecks health, OpenCalls calls, IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        health.BeginDraining();

        // A signal has said so already; a host that is stopped by its owner says so only after this, and the calls' grace must run by then.
        lifetime.StopApplication();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            // Ends in any case: calls are cut when their grace is over.
            while (!calls.IsEmpty && !calls.IsGraceOver)
                await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host's own time is up.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
