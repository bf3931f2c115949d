using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Mcp;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Tools that are servers of the Model Context Protocol (Streamable HTTP, both eras).</summary>
internal sealed class McpToolProtocol(McpClassifier classifier, McpVisibility visibility, McpResponses responses, McpSessionIds sessions, ToolPins pins, OpenCalls openCalls) : IToolProtocol
{
    private static readonly CallRefusal Changed = new(
        403, ReasonCodes.ToolDefinitionChanged, "The tool's definition is new or has changed, and nobody has approved it yet.");

    public bool Serves(Tool tool) => tool.IsMcp;

    public async ValueTask<Classification> ClassifyAsync(HttpContext context, GatewayCall call, ToolTarget target)
    {
        var exchange = new McpExchange();
        context.Features.Set(exchange);
        var classification = await classifier.ClassifyAsync(context, call, target, exchange).ConfigureAwait(false);
        if (classification.Call is not { } classified || exchange.Items.Count == 0)
            return classification;
        if (await visibility.CheckAsync(call, classified, exchange.Items).ConfigureAwait(false) is { } refusal)
            return new Classification(classified, refusal);
        return classified.Mcp!.Method != McpMethods.CallTool || pins.IsPinned(call.Tool!, classified.Action) ? classification : new Classification(classified, Changed);
    }

    public ValueTask AnswerAsync(HttpContext context, GatewayCall call, Block block)
    {
        // What is wrong with the credential or the request as such is said in HTTP's own terms.
        if (context.Features.Get<McpExchange>() is not { } exchange || block.Challenge is not null || (exchange.Message is null && exchange.Code is null))
            return ProblemWriter.WriteAsync(context, call.Id, block);
        var options = call.Tool!.Mcp;
        var isDeniedCall = block.Status == 403 && exchange.Message is { Kind: McpMessageKind.Request, Method: McpMethods.CallTool };
        var body = isDeniedCall && options.DenyAs == "result"
            ? McpAnswer.Result(block, exchange, call.Id)
            : McpAnswer.Error(block, exchange, options.DenyCode, call.Id);
        ProblemWriter.WriteHead(context.Response, block);
        context.Response.StatusCode = McpAnswer.Status(block, exchange);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, CancellationToken.None);
    }

    public ValueTask ShapeRequestAsync(HttpContext context, GatewayCall call, HttpRequestMessage request)
    {
        var exchange = context.Features.GetRequiredFeature<McpExchange>();
        foreach (var (name, values) in context.Request.Headers)
        {
            var isMirror = name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase) && !name.Equals(McpNames.SessionHeader, StringComparison.OrdinalIgnoreCase);
            if (isMirror || name.Equals(McpNames.LastEventHeader, StringComparison.OrdinalIgnoreCase))
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        if (exchange.UpstreamSessionId is { } session)
            request.Headers.TryAddWithoutValidation(McpNames.SessionHeader, session);
        return exchange.IsModern ? default : OutliveAsync(context, call, exchange);
    }

    public async ValueTask<bool> ShapeResponseAsync(HttpContext context, GatewayCall call, HttpResponseMessage response, CancellationToken cancellation)
    {
        var exchange = context.Features.GetRequiredFeature<McpExchange>();
        SetSession(context, call, exchange, response);
        return await responses.WriteAsync(context, call, exchange, response).ConfigureAwait(false);
    }

    /// <summary>
    /// Until 2025-11-25 a client that is gone has cancelled nothing: the server works on, and the client may fetch the rest on another stream. Since 2026-07-28 closing the
    /// stream is how to cancel, which is what happens to calls that do not outlive their client.
    /// </summary>
    private ValueTask OutliveAsync(HttpContext context, GatewayCall call, McpExchange exchange)
    {
        var stream = $"{McpHolder.Of(call.Caller!, call.Tool!)}{exchange.UpstreamSessionId}";
        if (HttpMethods.IsPost(context.Request.Method))
            call.Open.Outlive(new ClientLoss(stream, call.Tool!.Timeout, call.Snapshot.Options.Limits.MaxInspectedResponseBytes));

        // Servers send a stream on one connection only.
        return context.Request.Headers.ContainsKey(McpNames.LastEventHeader) ? openCalls.ReleaseAsync(stream) : default;
    }

    /// <summary>The server's own session id never reaches a caller.</summary>
    private void SetSession(HttpContext context, GatewayCall call, McpExchange exchange, HttpResponseMessage response)
    {
        if (exchange.IsModern || !response.Headers.NonValidated.TryGetValues(McpNames.SessionHeader, out var values) || values.Count != 1)
            return;
        var upstream = values.ToString();
        context.Response.Headers[McpNames.SessionHeader] = upstream == exchange.UpstreamSessionId ? exchange.SessionId : sessions.Seal(upstream, call.Caller!, call.Tool!);
    }
}
