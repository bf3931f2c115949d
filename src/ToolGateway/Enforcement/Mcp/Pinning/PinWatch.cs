using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.Telemetry;
using ToolGateway.ToolCalls;

namespace ToolGateway.Enforcement.Mcp.Pinning;

/// <summary>Lists the tools of pinned servers from time to time, so that a changed definition is found before a client lists it or calls it from memory.</summary>
internal sealed partial class PinWatch(
    SnapshotHolder snapshots,
    ToolClusters clusters,
    ToolPins pins,
    IMeterFactory meters,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<PinWatch> logger) : BackgroundService
{
    private const int AtOnce = 4;

    private readonly Counter<long> _checks = meters.Create(TelemetryNames.Meter)
        .CreateCounter<long>("toolgateway.mcp.pin_checks", "{check}", "Lists that the gateway itself asked pinned servers for, by tool and result.");

    /// <summary>Time between two looks at the same server.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before, nobody counts and the clusters may not be set up.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), started);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(false);
        var options = new ParallelOptions { CancellationToken = stoppingToken, MaxDegreeOfParallelism = AtOnce };
        while (!stoppingToken.IsCancellationRequested)
        {
            await Parallel.ForEachAsync(snapshots.Current.Tools.Values.Where(tool => tool.Pins is not null), options, CheckAsync).ConfigureAwait(false);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CheckAsync(Tool tool, CancellationToken cancellation)
    {
        try
        {
            if (clusters.Find(tool.ClusterId)?.Cluster is not { } cluster || cluster.DestinationsState.AvailableDestinations is not [var destination, ..])
                throw new McpServerException("no destination is available");
            var address = new Uri(destination.Model.Config.Address.TrimEnd('/') + (tool.UpstreamPath.Length == 0 ? "/" : tool.UpstreamPath));
            var listed = await new McpServerClient(cluster.Model.HttpClient, address, tool.Credential).ListToolsAsync(cancellation).ConfigureAwait(false);
            await EventLoop.LeaveAsync().ConfigureAwait(false);
            pins.Check(tool, RegoArray.From(listed));
            Count(tool, "listed");
        }
        catch (Exception e) when (e is not OutOfMemoryException && !(e is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            // Whatever a server sends: what ends this service would stop the gateway.
            Count(tool, "failed");
            Log.Failed(logger, tool.Name, e.Message);
        }
    }

    private void Count(Tool tool, string result) =>
        _checks.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Tool, tool.Name), new KeyValuePair<string, object?>(TelemetryNames.Result, result));

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Warning, "The tools of {Tool} could not be listed to compare them with their pins: {Problem}")]
        public static partial void Failed(ILogger logger, string tool, string problem);
    }
}
