using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Enforcement.Limits;
using ToolGateway.Enforcement.Recording;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.Telemetry;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Enforcement;

/// <summary>
/// The path of a call, first in YARP's pipeline: identify, classify, decide, record, enforce, forward, record the outcome. A stage that does not let the call pass
/// gives a block, and no later stage runs.
/// </summary>
internal sealed partial class CallPipeline(
    RequestDelegate next,
    SnapshotHolder snapshots,
    ICallerIdentifier callers,
    IDecisionPoint decisions,
    ToolProtocols protocols,
    CallLimits limits,
    OpenCalls openCalls,
    StreamErrors streamErrors,
    CallRecorder recorder,
    GatewayMetrics metrics,
    ForwardStage forwarding,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<CallPipeline> logger)
{
    private static readonly Block NotRecordable = Block.Of(503, ReasonCodes.AuditUnavailable, "The call could not be recorded, and was not made.", retryAfter: 1) with { ClosesConnection = true };
    private static readonly Block Failed = Block.Of(500, ReasonCodes.InternalError, "The gateway failed.", "upstream_error");

    public Task InvokeAsync(HttpContext context)
    {
        if (EventLoop.IsCurrent)
            return InvokeElsewhereAsync(context);
        using var turn = WritingTurn.Begin();
        return CallAsync(context);
    }

    /// <summary>A request that was sent behind another on its connection begins where the answer to that one ended.</summary>
    private async Task InvokeElsewhereAsync(HttpContext context)
    {
        await EventLoop.LeaveAsync().ConfigureAwait(false);
        await InvokeAsync(context).ConfigureAwait(false);
    }

    private async Task CallAsync(HttpContext context)
    {
        var call = Begin(context);
        try
        {
            var block = await JudgeAsync(context, call).ConfigureAwait(false) ?? await forwarding.ForwardAsync(context, call, next).ConfigureAwait(false);
            if (block is not null)
                await AnswerAsync(context, call, block).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await FailAsync(context, call, e).ConfigureAwait(false);
        }
        finally
        {
            End(context, call);
        }
    }

    private GatewayCall Begin(HttpContext context)
    {
        var received = time.GetUtcNow();
        var call = new GatewayCall(snapshots.Current, DecisionIds.New(received), received, Stopwatch.GetTimestamp())
        {
            Peer = RemoteAddresses.Of(context.Connection),
            TraceId = TraceContext.TraceIdOf(context.Request.Headers),
        };
        context.Features.Set(call);
        var response = new CountingResponseBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(response);
        call.Open.Response = response;
        call.Open.ConnectionId = context.Connection.Id;
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
            call.Open.StreamId = context.Features.Get<IHttp2StreamIdFeature>()?.StreamId ?? 0;
        call.Open.Follow(context.RequestAborted);
        openCalls.Add(call.Open);
        if (call.Open.StreamId != 0)
            streamErrors.Claim(call.Open.ConnectionId, call.Open.StreamId);
        return call;
    }

    /// <summary>Everything before the tool is asked. A block: it must not be. As a rule it goes on on the thread that waited for the record, where a pool finds again what it kept.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Block?> JudgeAsync(HttpContext context, GatewayCall call)
    {
        var refusal = TargetReader.Read(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var target);
        if (refusal is null)
            call.Tool = call.Snapshot.Tools.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(target.ToolName, out var tool) ? tool : null;
        var refused = limits.AdmitSource(call.Peer.Source, ref call.Open.Leases)
            ?? await IdentifyAsync(context, call).ConfigureAwait(false)
            ?? Admit(call)
            ?? (refusal is null ? null : Block.Of(refusal))
            ?? await ClassifyAsync(context, call, target).ConfigureAwait(false);
        if (refused is not null)
            return refused;
        await DecideAsync(call).ConfigureAwait(false);
        if (!await recorder.DecisionAsync(call).ConfigureAwait(false))
            return NotRecordable;
        return call.Decision!.Allow ? CheckLiveness(call) : Block.Of(call.Decision);
    }

    private async ValueTask<Block?> IdentifyAsync(HttpContext context, GatewayCall call)
    {
        using var activity = GatewayActivities.Start("identify");
        var started = Stopwatch.GetTimestamp();
        var result = await callers.IdentifyAsync(context, call.Snapshot, call.Tool).ConfigureAwait(false);
        call.Times.Identify = Stopwatch.GetTimestamp() - started;
        if (result.Refusal is { } refusal)
        {
            metrics.Refused(refusal);
            return Block.Of(refusal);
        }

        call.Caller = call.Open.Caller = result.Caller;
        return null;
    }

    private Block? Admit(GatewayCall call) =>
        limits.AdmitCaller(call.Caller!.Id, ref call.Open.Leases) ?? (call.Tool is { } tool ? limits.AdmitTool(tool.Name, ref call.Open.Leases) : null);

    private async ValueTask<Block?> ClassifyAsync(HttpContext context, GatewayCall call, ToolTarget target)
    {
        if (call.Tool is null)
            return Block.Of(404, ReasonCodes.ToolUnknown, "There is no tool with this name.");
        using var activity = GatewayActivities.Start("classify");
        var started = Stopwatch.GetTimestamp();
        call.Open.StartDeadline(call.Snapshot.Options.Limits.BodyTimeout);
        var classification = await protocols.Of(call.Tool).ClassifyAsync(context, call, target).ConfigureAwait(false);
        call.Open.Deadline = OpenCall.NoDeadline;
        call.Times.Classify = Stopwatch.GetTimestamp() - started;
        call.Call = classification.Call;
        if (classification.Refusal is not { } refusal)
            return null;

        // To a reader of the body, a caller that has gone looks like one that is slow.
        return refusal.Status == 408 && call.Open is { CutBecause: null, IsClientGone: true } ? ForwardStage.OfEnd(call.Open) : Block.Of(refusal);
    }

    private async ValueTask DecideAsync(GatewayCall call)
    {
        using var activity = GatewayActivities.Start("decide");
        var started = Stopwatch.GetTimestamp();
        var input = new DecisionInput(call.Caller!, call.Call!, call.Id, call.Peer.Text, call.Received);
        call.Decision = await decisions.DecideAsync(call.Snapshot, input, call.Open.Token).ConfigureAwait(false);
        call.Times.Decide = Stopwatch.GetTimestamp() - started;
        activity.Describe(call.Decision, call.Id);
    }

    /// <summary>The newest snapshot may know that the caller has been disabled since the call began.</summary>
    private Block? CheckLiveness(GatewayCall call) => CallerLiveness.Check(call.Caller!, snapshots.Current, time.GetUtcNow()) is { } reason
        ? Block.Of(403, reason, "The credential or the agent's registration ended during the call.", "revoked")
        : null;

    private async ValueTask AnswerAsync(HttpContext context, GatewayCall call, Block block)
    {
        if (!await EnsureDecisionAsync(call, block.Reason).ConfigureAwait(false))
            block = NotRecordable;
        call.Ended = call.Open.CutBecause ?? block.Ended;
        call.Reason = block.Reason;
        if (call.Open is { CutBecause: null, IsClientGone: true })
            call.Ended = lifetime.ApplicationStopping.IsCancellationRequested ? "shutdown" : "client_aborted";
        context.Response.Clear();

        // The policy's limit is for the tool's bytes, not for the gateway's.
        call.Open.Response!.Limit = long.MaxValue;
        context.Response.Headers[ToolTransformer.DecisionIdHeader] = call.Id;
        if (block is { Status: 401, Challenge: { } refusal })
            context.Response.Headers.WWWAuthenticate = Challenge.For(refusal, call.Tool, call.Snapshot.Options.PublicUrl);
        await protocols.Of(call.Tool).AnswerAsync(context, call, block).ConfigureAwait(false);
    }

    /// <summary>An identified call that ends before the policy was asked leaves its decision record here.</summary>
    private async ValueTask<bool> EnsureDecisionAsync(GatewayCall call, string reason)
    {
        if (call.Caller is null || call.Decision is not null)
            return true;
        call.Decision = Decision.Denied("none", reason);
        return await recorder.DecisionAsync(call).ConfigureAwait(false);
    }

    /// <summary>A bug must neither let a call pass nor leave it without an outcome.</summary>
    private async ValueTask FailAsync(HttpContext context, GatewayCall call, Exception exception)
    {
        // What was cut fails in many ways, and none of them is a bug.
        var isCut = call.Open.Token.IsCancellationRequested && exception is OperationCanceledException or IOException;
        if (!isCut)
            Log.StageFailed(logger, call.Id, exception);
        var block = ForwardStage.OfEnd(call.Open) ?? Failed;
        if (!context.Response.HasStarted)
        {
            await AnswerAsync(context, call, block).ConfigureAwait(false);
            return;
        }

        call.Ended = block.Ended;
        call.Reason = block.Reason;
        context.Abort();
    }

    private void End(HttpContext context, GatewayCall call)
    {
        openCalls.Remove(call.Open);
        call.Open.Dispose();
        recorder.Outcome(call, context.Response.StatusCode);
        ServerSpan.Describe(context, call, call.Ended ?? "completed");
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Error, "Call {DecisionId} failed inside the gateway")]
        public static partial void StageFailed(ILogger logger, string decisionId, Exception exception);
    }
}
