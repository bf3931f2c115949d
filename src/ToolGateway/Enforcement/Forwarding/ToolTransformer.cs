using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Enforcement.Redaction;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls;
using Yarp.ReverseProxy.Forwarder;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Makes the request for the tool from what was decided, and the response for the caller from what the policy leaves of the tool's.</summary>
internal sealed class ToolTransformer(ToolProtocols protocols) : HttpTransformer
{
    public const string DecisionIdHeader = "Tool-Decision-Id";

    private static readonly UriCreationOptions Exactly = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var call = httpContext.Features.GetRequiredFeature<GatewayCall>();
        var toolCall = call.Call!;

        // Uri would decode, encode and shorten the target: the tool must see the one that was decided on.
        var prefix = destinationPrefix.AsSpan().TrimEnd('/');
        proxyRequest.RequestUri = new Uri(string.Concat(prefix, toolCall.UpstreamTarget), Exactly);
        RequestHeaderPolicy.Apply(httpContext, toolCall, proxyRequest);
        if (call.Decision!.Obligations.RedactResponse.Count > 0)
            ResponseRedaction.ShapeRequest(proxyRequest);
        return protocols.Of(toolCall.Tool).ShapeRequestAsync(httpContext, call, proxyRequest);
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        // Without a response the forwarder failed, and the call pipeline answers.
        if (proxyResponse is null)
            return new ValueTask<bool>(false);
        var call = httpContext.Features.GetRequiredFeature<GatewayCall>();
        call.UpstreamStatus = (int)proxyResponse.StatusCode;

        // A response that is inspected whole is not begun before its last byte.
        if (call.Decision!.Obligations.RedactResponse.Count == 0)
            call.Open.BeginAnswer();

        // The phrase is the tool's own text and carries nothing.
        httpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
        if (Refuse(httpContext, call, proxyResponse) is { } block)
        {
            call.Open.ResponseBlock = block;
            return new ValueTask<bool>(false);
        }

        WriteHeaders(httpContext, call, proxyResponse);
        return ShapeAsync(httpContext, call, proxyResponse, cancellationToken);
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) => default;

    private async ValueTask<bool> ShapeAsync(HttpContext context, GatewayCall call, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!await protocols.Of(call.Tool).ShapeResponseAsync(context, call, response, cancellation).ConfigureAwait(false))
            return false;
        var pointers = call.Decision!.Obligations.RedactResponse;
        if (pointers.Count == 0)
            return true;
        call.Open.ResponseBlock = await ResponseRedaction.ApplyAsync(
            context, response, pointers, call.Snapshot.Options.Limits.MaxInspectedResponseBytes, cancellation).ConfigureAwait(false);
        return false;
    }

    private static Block? Refuse(HttpContext context, GatewayCall call, HttpResponseMessage response)
    {
        if (response.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols && !(call.Tool!.AllowUpgrade && HeaderChecks.IsUpgrade(context)))
            return Block.Of(502, ReasonCodes.ToolUnreachable, "The tool answered with a protocol switch that nobody asked for.", "upstream_error");
        if (call.Decision!.Obligations.LimitResponseBytes is not { } limit)
            return null;
        call.Open.Response!.Limit = limit;
        return response.Content.Headers.ContentLength > limit ? Block.Of(502, ReasonCodes.ResponseBlocked, "The response is longer than the policy allows.") : null;
    }

    private static void WriteHeaders(HttpContext context, GatewayCall call, HttpResponseMessage response)
    {
        ResponseHeaderPolicy.Apply(response, context.Response, new LocationPolicy(response.RequestMessage!.RequestUri!, call));
        context.Response.Headers[DecisionIdHeader] = call.Id;
        if (call.Tool!.ServerTiming)
            context.Response.Headers["Server-Timing"] = ServerTiming(call);
    }

    private static string ServerTiming(GatewayCall call)
    {
        ref readonly var times = ref call.Times;
        var upstream = Stopwatch.GetTimestamp() - call.Open.ForwardedTimestamp;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"identify;dur={Milliseconds(times.Identify):0.###}, classify;dur={Milliseconds(times.Classify):0.###}, decide;dur={Milliseconds(times.Decide):0.###}, record;dur={Milliseconds(times.Record):0.###}, upstream;dur={Milliseconds(upstream):0.###}");
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
