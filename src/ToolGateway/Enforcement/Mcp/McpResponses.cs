using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Bodies;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>
/// Passes a server's response on. Lists are filtered, redactions made, and requests of the server to the client remembered; everything else goes through untouched.
/// </summary>
internal sealed class McpResponses(McpListFilter lists, OutstandingRequests outstanding, StreamedRequests streamed, TaskHolders tasks, ServerVersions versions)
{
    /// <summary>Most events of one response, so that a stream cannot go on for ever unseen.</summary>
    private const int MaxEvents = 1_000_000;

    private static readonly Block TooLong = Block.Of(502, ReasonCodes.ResponseBlocked, "The server's response is too long to be inspected.");
    private static readonly Block NotReadable = Block.Of(502, ReasonCodes.ResponseBlocked, "The server's response is not a message that can be inspected.");

    /// <summary>True: the response is passed on by the forwarder as it is. False: it was written, or a block was set.</summary>
    public async ValueTask<bool> WriteAsync(HttpContext context, GatewayCall call, McpExchange exchange, HttpResponseMessage response)
    {
        var isStream = IsEventStream(response);
        if (!NeedsInspection(call, exchange, isStream) || (int)response.StatusCode is < 200 or 202 or 204 or >= 300)
            return true;
        if (!isStream && !MediaTypes.IsJson(response.Content.Headers.ContentType?.ToString()))
            return Blocked(call, NotReadable);
        if (!MediaTypes.IsIdentity(new([.. response.Content.Headers.ContentEncoding])))
            return Blocked(call, NotReadable);
        context.Response.ContentLength = null;
        context.Response.Headers.ETag = default;
        try
        {
            return isStream
                ? await CopyEventsAsync(context, call, exchange, response).ConfigureAwait(false)
                : await CopyMessageAsync(context, call, exchange, response).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return Blocked(call, TooLong);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            return Blocked(call, ForwardStage.OfEnd(call.Open) ?? ForwardStage.BrokenOff);
        }
    }

    private bool NeedsInspection(GatewayCall call, McpExchange exchange, bool isStream) =>
        (exchange.Message is { } message && (message.Method == McpMethods.Discover || McpMethods.ListedBy(message.Method) is not null || TaskHolders.IsAskedForBy(message)))
        || call.Decision!.Obligations.RedactResponse.Count > 0
        || (isStream && !exchange.IsModern)
        || MayAnswerAnother(call, exchange);

    /// <summary>Whether an earlier request of the session with the same id has a response that must be shaped: a server may send it in place of this one's.</summary>
    private bool MayAnswerAnother(GatewayCall call, McpExchange exchange) =>
        exchange is { SessionId: { } session, Message: { Kind: McpMessageKind.Request, Id: { } id } }
        && streamed.Find(session, McpHolder.Of(call.Caller!, call.Tool!), id) is { } known
        && (known.Count == 0 || known.Any(static request => request.IsShaped));

    private static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static bool Blocked(GatewayCall call, Block block)
    {
        call.Open.ResponseBlock = block;
        return false;
    }

    private async ValueTask<bool> CopyMessageAsync(HttpContext context, GatewayCall call, McpExchange exchange, HttpResponseMessage response)
    {
        var limit = call.Snapshot.Options.Limits.MaxInspectedResponseBytes;
        if (response.Content.Headers.ContentLength > limit)
            return Blocked(call, TooLong);
        var body = new MemoryStream();
        var source = await response.Content.ReadAsStreamAsync(call.Open.Token).ConfigureAwait(false);
        var chunk = new byte[8192];
        int read;
        while ((read = await EventLoop.ReadAndLeaveAsync(source, chunk, call.Open.Token).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > limit)
                return Blocked(call, TooLong);
            body.Write(chunk.AsSpan(0, read));
        }

        var text = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        if (await ShapeAsync(call, exchange, text).ConfigureAwait(false) is not { } shaped)
            return Blocked(call, NotReadable);
        var bytes = Encoding.UTF8.GetBytes(shaped);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, call.Open.Token).ConfigureAwait(false);
        return false;
    }

    private async ValueTask<bool> CopyEventsAsync(HttpContext context, GatewayCall call, McpExchange exchange, HttpResponseMessage response)
    {
        var source = await response.Content.ReadAsStreamAsync(call.Open.Token).ConfigureAwait(false);
        var limit = (int)call.Snapshot.Options.Limits.MaxInspectedResponseBytes;
        if (!exchange.IsModern && exchange.Message is { Kind: McpMessageKind.Request } message)
            streamed.Add(exchange.SessionId, McpHolder.Of(call.Caller!, call.Tool!), message.Id!, Described(call, message));

        // Of a list nothing is sent before it was read: until then the block can still be said.
        if (exchange.Message is not { } asked || McpMethods.ListedBy(asked.Method) is null)
            await context.Response.StartAsync(call.Open.Token).ConfigureAwait(false);
        var count = 0;
        await foreach (var item in SseEvents.ReadAsync(source, limit, call.Open.Token).ConfigureAwait(false))
        {
            if (++count > MaxEvents)
                return Blocked(call, TooLong);
            var bytes = item.Raw;
            if (item.Data is { Length: > 0 } data)
            {
                // A half-inspected stream must not look whole: an unreadable event ends it.
                if (await ShapeAsync(call, exchange, data).ConfigureAwait(false) is not { } shaped)
                    return Blocked(call, NotReadable);
                if (!ReferenceEquals(shaped, data))
                    bytes = item.WithData(shaped);
            }

            await context.Response.Body.WriteAsync(bytes, call.Open.Token).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(call.Open.Token).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>The message for the caller: the same text when nothing has to change, null when it cannot be read.</summary>
    private async ValueTask<string?> ShapeAsync(GatewayCall call, McpExchange exchange, string text)
    {
        RegoObject message;
        try
        {
            if (RegoJson.Parse(text) is not RegoObject parsed)
                return null;
            message = parsed;
        }
        catch (JsonException)
        {
            return null;
        }

        if (message.TryGetValue("method", out _))
        {
            // Which of the two it is would be for the reader to choose.
            if (message.TryGetValue("result", out _) || message.TryGetValue("error", out _))
                return null;
            if (message.TryGetValue("id", out var asked) && !exchange.IsModern)
                outstanding.Add(exchange.SessionId, McpHolder.Of(call.Caller!, call.Tool!), asked);
            return text;
        }

        var requests = RequestsOf(call, exchange, message);
        if (requests.Count == 0)
            return null;
        if (exchange.Message is { } sent && TaskHolders.IsAskedForBy(sent))
            tasks.Note(message, call.Tool!.Name, McpHolder.Of(call.Caller!, call.Tool));
        if (requests.Any(static request => request.Method == McpMethods.Discover))
            versions.Note(call.Tool!.Name, message);
        var shaped = await ShapeAsync(call, exchange, requests, message).ConfigureAwait(false);
        return shaped is null ? null : ReferenceEquals(shaped, message) ? text : shaped.ToJson();
    }

    /// <summary>Shapes a response as every request wants that it may belong to.</summary>
    private async ValueTask<RegoObject?> ShapeAsync(GatewayCall call, McpExchange exchange, IReadOnlyList<StreamedRequest> requests, RegoObject message)
    {
        var shaped = message;
        foreach (var request in requests)
        {
            if (requests.Count == 1 || McpListFilter.IsList(request.Method, shaped))
                shaped = await lists.FilterAsync(call, request.Method, exchange.IsModern, shaped).ConfigureAwait(false);
            if (shaped is not null && request.Redacted.Count > 0 && McpMethods.HasContent(request.Method))
                shaped = McpRedaction.Apply(shaped, request.Redacted);
            if (shaped is null)
                return null;
        }

        return shaped;
    }

    /// <summary>
    /// The requests that a response may belong to: this one, or on a stream that the client asked for, an earlier one. In a session a server may also send an earlier
    /// response where a later request with the same id is answered.
    /// </summary>
    private IReadOnlyList<StreamedRequest> RequestsOf(GatewayCall call, McpExchange exchange, RegoObject response)
    {
        var hasId = response.TryGetValue("id", out var id) && id is not RegoNull;
        var known = hasId ? streamed.Find(exchange.SessionId, McpHolder.Of(call.Caller!, call.Tool!), id!) : null;
        if (exchange.Message is { } message && (hasId ? message.Id is { } own && own.Equals(id) : response.TryGetValue("error", out _)))
            return StreamedRequests.Join(exchange.SessionId is null ? null : known, Described(call, message));
        return known ?? [];
    }

    private static StreamedRequest Described(GatewayCall call, McpMessage message) => new(message.Method, call.Decision!.Obligations.RedactResponse);
}
