using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Hosting;
using ToolGateway.Telemetry;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Bodies;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Hands an allowed call to YARP and says what became of it.</summary>
internal sealed class ForwardStage(ToolClusters clusters, IHttpForwarder forwarder)
{
    private static readonly Block ClientGone = Block.Of(499, ReasonCodes.RequestMalformed, "The caller closed the connection.", "client_aborted");

    /// <summary>The answer to a call whose tool went away.</summary>
    public static readonly Block BrokenOff = Block.Of(502, ReasonCodes.ToolUnreachable, "The tool could not be reached or broke its answer off.", "upstream_error");

    /// <summary>Forwards the call. A block: nothing was sent to the caller yet, and this is what to answer.</summary>
    /// <param name="next">The rest of YARP's pipeline.</param>
    public async ValueTask<Block?> ForwardAsync(HttpContext context, GatewayCall call, RequestDelegate next)
    {
        if (clusters.Find(call.Tool!.ClusterId) is not { Cluster: { } cluster } route)
            return Block.Of(502, ReasonCodes.ToolUnreachable, "The tool is not set up yet.", "upstream_error", retryAfter: 1);
        SetBody(context, call);
        if (HeaderChecks.IsUpgrade(context) && context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new CountingUpgrade(upgrade, call.Open));
        var obligations = call.Decision!.Obligations;
        call.Open.StartDeadlines(call.Tool.Timeout, obligations.Timeout);
        context.RequestAborted = call.Open.Token;
        using (var activity = GatewayActivities.Start("upstream", ActivityKind.Client))
        {
            await SendAsync(context, route, cluster, next).ConfigureAwait(false);
            ServerSpan.DescribeUpstream(activity, call);
        }

        call.Times.Upstream = Stopwatch.GetTimestamp() - call.Open.ForwardedTimestamp;
        return Result(context, call);
    }

    /// <summary>Where there is nothing to choose or to watch, YARP's pipeline would only cost time (ADR 0006).</summary>
    private Task SendAsync(HttpContext context, RouteModel route, ClusterState cluster, RequestDelegate next)
    {
        if (ToolClusters.OnlyDestination(cluster) is { } only)
        {
            var (client, request) = (cluster.Model.HttpClient, cluster.Model.Config.HttpRequest ?? ForwarderRequestConfig.Empty);
            return forwarder.SendAsync(context, only.Config.Address, client, request, route.Transformer).AsTask();
        }

        context.ReassignProxyRequest(route, cluster);
        return next(context);
    }

    private static void SetBody(HttpContext context, GatewayCall call)
    {
        switch (call.Call!.BodyMode)
        {
            case BodyMode.Json:
                var bytes = MemoryMarshal.TryGetArray(call.Call.Body, out var array) ? array : call.Call.Body.ToArray();
                context.Request.Body = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
                break;
            case BodyMode.Opaque:
                context.Request.Body = call.Open.Request = new DigestingRequestBody(context.Request.Body);
                break;
            default:
                context.Features.Set<IHttpRequestBodyDetectionFeature>(BodyPresence.None);
                break;
        }
    }

    private static Block? Result(HttpContext context, GatewayCall call)
    {
        var failure = Failure(context, call);
        if (failure is null && call.Open.IsDraining)
            call.Ended = "client_aborted";
        if (failure is null || !context.Response.HasStarted)
            return failure;

        // Half a response is on its way: it must not look whole.
        call.Ended = failure.Ended;
        call.Reason = failure.Reason;
        context.Abort();
        return null;
    }

    private static Block? Failure(HttpContext context, GatewayCall call)
    {
        if (call.Open.Response!.IsOverLimit)
            return Block.Of(502, ReasonCodes.ResponseBlocked, "The response is longer than the policy allows.");
        if (call.Open.ResponseBlock is { } block)
            return block;
        if (context.Features.Get<IForwarderErrorFeature>() is not { } error)
            return null;

        // YARP aborts the caller's connection when the tool breaks its answer off, which looks like a caller that left.
        return error.Error == ForwarderError.ResponseBodyDestination ? BrokenOff : OfEnd(call.Open) ?? OfError(error);
    }

    /// <summary>The answer to a call that was cut, or whose client is gone; otherwise null.</summary>
    public static Block? OfEnd(OpenCall call) => OfCut(call) ?? (call.IsClientGone ? ClientGone : null);

    private static Block? OfCut(OpenCall call) => call.CutBecause switch
    {
        "timeout" => Block.Of(504, ReasonCodes.ToolTimeout, "The tool did not answer in time.", "timeout"),
        "revoked" => Block.Of(403, ReasonCodes.Revoked, "The credential or the agent's registration ended during the call.", "revoked"),
        "shutdown" => Block.Of(503, ReasonCodes.ShuttingDown, "The gateway is shutting down.", "shutdown", retryAfter: 1),
        _ => null,
    };

    private static Block OfError(IForwarderErrorFeature error) => error.Error switch
    {
        ForwarderError.RequestBodyClient => OfBody(error.Exception),
        ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient
            => ClientGone,

        // Nothing of the gateway's and not the client: the cluster's own activity timeout.
        ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
            or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeActivityTimeout
            => Block.Of(504, ReasonCodes.ToolTimeout, "The tool did not answer in time.", "timeout"),
        _ => BrokenOff,
    };

    private static Block OfBody(Exception? exception)
    {
        var bad = exception is AggregateException { InnerExceptions: [BadHttpRequestException first, ..] } ? first : null;
        var ended = bad is null || BodyReader.IsEarlyEnd(bad) ? "client_aborted" : "blocked";
        return bad?.StatusCode switch
        {
            413 => Block.Of(413, ReasonCodes.BodyTooLarge, "The body is larger than this gateway accepts.") with { ClosesConnection = true },
            408 => Block.Of(408, ReasonCodes.RequestTimeout, "The body did not arrive in time.", "timeout") with { ClosesConnection = true },
            _ => Block.Of(400, ReasonCodes.RequestMalformed, "The body could not be read to its end.", ended) with { ClosesConnection = true },
        };
    }
}
