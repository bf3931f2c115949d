using System.Diagnostics;
using System.Runtime.CompilerServices;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Hosting;
using ToolGateway.Telemetry;
using ToolGateway.ToolCalls;

namespace ToolGateway.Enforcement.Recording;

/// <summary>Writes the pair of records that every call leaves.</summary>
internal sealed class CallRecorder(IAuditLog audit, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>Records the decision of an identified call. False: the call must not go on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> DecisionAsync(GatewayCall call)
    {
        using var activity = GatewayActivities.Start("record");
        var started = Stopwatch.GetTimestamp();
        metrics.Decided(call, call.Decision!);

        // Not with the caller's token: a record that is half taken helps nobody, and the log has its own timeout.
        call.IsRecorded = await audit.DecisionAsync(Record(call), DurabilityOf(call), CancellationToken.None).ConfigureAwait(false);
        call.Times.Record = Stopwatch.GetTimestamp() - started;
        return call.IsRecorded;
    }

    /// <summary>Records how the call ended.</summary>
    public void Outcome(GatewayCall call, int status)
    {
        var ended = call.Ended ?? "completed";
        metrics.Ended(call, ended, Stopwatch.GetTimestamp() - call.StartTimestamp);
        var outcome = new OutcomeRecord(
            call.Id,
            time.GetUtcNow(),
            status,
            call.UpstreamStatus,
            (call.Open.Request?.Count ?? call.Call?.Body.Length ?? 0) + call.Open.TunnelledBytes,
            call.Open.Request?.Digest(),
            call.Open.Response?.Count ?? 0,
            Stopwatch.GetElapsedTime(call.StartTimestamp),
            ended,
            call.Reason);
        if (call.Caller is null)
            audit.Unidentified(Record(call), outcome);
        else if (call.IsRecorded)
            audit.Outcome(outcome);
    }

    private static DecisionRecord Record(GatewayCall call) => new()
    {
        DecisionId = call.Id,
        Time = call.Received,
        TraceId = call.TraceId,
        RemoteAddress = call.Peer.Text,
        Caller = call.Caller,
        Call = call.Call,
        ToolName = call.Tool?.Name,
        Decision = call.Decision ?? Decision.Denied("none", call.Reason ?? ReasonCodes.InternalError),
        ConfigurationRevision = call.Snapshot.ConfigurationRevision,
        Duration = Stopwatch.GetElapsedTime(0, call.Times.Decide),
    };

    private static Durability DurabilityOf(GatewayCall call)
    {
        var options = call.Snapshot.Options.Audit;
        var wanted = call.Call?.Risk == Risk.High ? options.HighRiskDurability : options.Durability;
        return call.Decision is { Obligations.AuditSynced: true } || wanted == nameof(Durability.Synced) ? Durability.Synced : Durability.Written;
    }
}
