using Microsoft.Extensions.Hosting;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Decisions;

/// <summary>
/// Asks for each tool whether a caller that nobody knows may use it. The answer must be a denial with a reason of the policy's own: anything else says that the engine or the
/// policy does not do its work, before an agent finds out.
/// </summary>
internal sealed class DecisionCanary(IDecisionPoint decisions, SnapshotHolder snapshots, TimeProvider clock) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly Caller Nobody = new()
    {
        Type = "canary",
        Id = "toolgateway:canary",
        Authentication = "mtls",
        Credential = new CredentialInfo("none", null, null, null, null, DateTimeOffset.MaxValue),
    };

    private readonly Lock _lock = new();
    private HealthResult _last = new(HealthState.Failing, "no decision has been asked for yet");

    public string Name => "decisions";

    public HealthResult Check()
    {
        lock (_lock)
            return _last;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            await AskAsync(stoppingToken).ConfigureAwait(false);
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        HealthResult result;
        try
        {
            result = await JudgeAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellation.IsCancellationRequested)
        {
            // A bug is what this looks for: it makes the instance unready, but does not stop it.
            result = new(HealthState.Failing, $"asking failed: {e.Message}");
        }

        lock (_lock)
            _last = result;
    }

    private async ValueTask<HealthResult> JudgeAsync(CancellationToken cancellation)
    {
        var snapshot = snapshots.Current;
        var result = default(HealthResult);
        foreach (var tool in snapshot.Tools.Values)
        {
            var decision = await decisions.DecideAsync(snapshot, Question(tool), cancellation).ConfigureAwait(false);
            if (Judge(tool, decision) is { State: > HealthState.Ok } trouble && trouble.State > result.State)
                result = trouble;

            // Without an engine every tool's answer is the same, and each would take as long as its timeout.
            if (decision.IsUnavailable)
                break;
        }

        return result;
    }

    private static HealthResult Judge(Tool tool, Decision decision)
    {
        if (decision.Allow)
            return new(HealthState.Failing, $"the policy allows an unknown caller to use {tool.Name}");
        if (decision.IsUnavailable)
            return new(HealthState.Failing, $"no engine decides ({string.Join(", ", decision.Reasons)})");
        return decision.Reasons.Any(Enforcement.ReasonCodes.All.Contains)
            ? new(HealthState.Degraded, $"the policy does not decide for {tool.Name} ({string.Join(", ", decision.Reasons)})")
            : default;
    }

    private DecisionInput Question(Tool tool)
    {
        var action = tool.Actions.Values.FirstOrDefault();
        var call = new ToolCall
        {
            Tool = tool,
            Action = action?.Name ?? "canary",
            Method = action?.Method ?? "POST",
            Risk = action?.Risk ?? tool.Risk,
            Effect = action?.Effect ?? "write",
            UpstreamTarget = "/",
            BodyMode = BodyMode.None,
            Intent = default,
            Mcp = tool.IsMcp ? new McpCall("tools/call", null, null, null) : null,
        };
        var now = clock.GetUtcNow();
        return new DecisionInput(Nobody, call, DecisionIds.New(now), "127.0.0.1", now);
    }
}
