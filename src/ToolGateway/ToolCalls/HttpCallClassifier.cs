using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Enforcement;
using ToolGateway.Identity;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Bodies;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.ToolCalls;

/// <summary>Reads requests to HTTP tools as tool calls.</summary>
internal static class HttpCallClassifier
{
    private static readonly CallRefusal UnknownAction = new(404, ReasonCodes.ActionUnknown, "The tool has no action with this path.");

    private static readonly CallRefusal AmbiguousPath = new(
        400, ReasonCodes.TargetInvalid, "A path segment differs from the tool's own spelling only in case.");

    private static readonly CallRefusal NoBody = new(400, ReasonCodes.BodyUnexpected, "This action takes no body.");
    private static readonly CallRefusal NotJson = new(415, ReasonCodes.MediaTypeUnsupported, "This action takes one body of type application/json in UTF-8.");
    private static readonly CallRefusal Encoded = new(415, ReasonCodes.MediaTypeUnsupported, "The body must be sent without Content-Encoding.");

    /// <summary>The call that <paramref name="context"/> makes at <paramref name="tool"/>, or why it makes none.</summary>
    /// <param name="cancellation">Ends the reading of a body that takes too long or whose caller is gone.</param>
    public static ValueTask<Classification> ClassifyAsync(
        HttpContext context, Tool tool, in ToolTarget target, VerifiedIntent? verified, long maxBodyBytes, CancellationToken cancellation)
    {
        var classification = ClassifyHead(context, tool, target, verified, maxBodyBytes);
        return classification.Call switch
        {
            null => new(classification),
            { BodyMode: BodyMode.Json } call => WithJsonAsync(context.Request, call, maxBodyBytes, cancellation),
            { BodyMode: BodyMode.None } call when MayHaveBody(context) => WithoutBodyAsync(context.Request, call, cancellation),
            _ => new(classification),
        };
    }

    private static Classification ClassifyHead(HttpContext context, Tool tool, in ToolTarget target, VerifiedIntent? verified, long maxBodyBytes)
    {
        var request = context.Request;
        if (HeaderChecks.Check(context, tool) is { } badHeaders)
            return badHeaders;
        var match = tool.Routes.Match(target.Path, request.Method);
        if (match.Action is not { } action)
            return Unmatched(match);
        if (QueryReader.Read(target, action, out var query) is { } badQuery)
            return badQuery;
        if (HeaderArguments(request.Headers, tool, out var headers) is { } badHeader)
            return badHeader;
        if (IntentReader.Read(request.Headers, verified, out var intent) is { } badIntent)
            return badIntent;
        if (CheckBodyHeaders(request.Headers, action, tool, maxBodyBytes) is { } badBody)
            return badBody;
        return new Classification(
            new ToolCall
            {
                Tool = tool,
                Action = action.Name,
                Method = request.Method,
                Risk = action.Risk,
                Effect = action.Effect,
                UpstreamTarget = string.Concat(tool.UpstreamPath, target.PathAndQuery),
                BodyMode = action.Body,
                PathArguments = match.Arguments,
                QueryArguments = query,
                HeaderArguments = headers,
                Intent = intent,
            },
            null);
    }

    private static Classification Unmatched(in RouteMatch match) => match.Result switch
    {
        RouteResult.Ambiguous => AmbiguousPath,
        RouteResult.OtherMethod => new CallRefusal(405, ReasonCodes.MethodNotAllowed, "The path has no action with this method.")
        {
            Allow = string.Join(", ", match.OtherMethods!.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        },
        _ => UnknownAction,
    };

    private static CallRefusal? CheckBodyHeaders(IHeaderDictionary headers, ToolAction action, Tool tool, long maxBodyBytes)
    {
        if (headers.ContentLength > maxBodyBytes)
            return action.Body == BodyMode.None ? NoBody : BodyReader.TooLarge;
        return action.Body switch
        {
            BodyMode.None => headers.ContentLength > 0 || headers.TransferEncoding.Count > 0 ? NoBody : null,
            BodyMode.Json when !MediaTypes.IsJson(headers.ContentType) => NotJson,
            BodyMode.Json when !MediaTypes.IsIdentity(headers.ContentEncoding) => Encoded,

            // The tool must be told how the bytes are encoded, and only a forwarded header tells it.
            BodyMode.Opaque when !MediaTypes.IsIdentity(headers.ContentEncoding) && !tool.ForwardHeaders.Contains("content-encoding") => Encoded,
            _ => null,
        };
    }

    private static CallRefusal? HeaderArguments(IHeaderDictionary headers, Tool tool, out RegoObject? arguments)
    {
        arguments = null;
        if (tool.ForwardHeaders.Count == 0)
            return null;
        var members = new List<KeyValuePair<RegoValue, RegoValue>>(tool.ForwardHeaders.Count);
        foreach (var name in tool.ForwardHeaders)
        {
            var values = headers[name];
            if (values.Count > 1)
                return new CallRefusal(400, ReasonCodes.HeaderInvalid, $"The header {name} must be given once.");
            if (values.Count == 1)
                members.Add(new(new RegoString(name), new RegoString(values[0] ?? "")));
        }

        arguments = RegoObject.From(members);
        return null;
    }

    private static bool MayHaveBody(HttpContext context) =>
        context.Request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };

    /// <summary>HTTP/2 tells only at the end of the stream that there was no body.</summary>
    private static async ValueTask<Classification> WithoutBodyAsync(HttpRequest request, ToolCall call, CancellationToken cancellation)
    {
        var body = await BodyReader.ReadAsync(request, 0, cancellation).ConfigureAwait(false);
        if (body.Refusal == BodyReader.TooLarge)
            return NoBody;
        return body.Refusal is { } refusal ? refusal : new Classification(call, null);
    }

    private static async ValueTask<Classification> WithJsonAsync(HttpRequest request, ToolCall call, long maxBodyBytes, CancellationToken cancellation)
    {
        var body = await BodyReader.ReadAsync(request, maxBodyBytes, cancellation).ConfigureAwait(false);
        if (body.Refusal is { } refusal)
            return refusal;
        return JsonCheck.Check(body.Body.Span) is { } problem
            ? new CallRefusal(400, ReasonCodes.BodyInvalid, problem)
            : new Classification(call with { Body = body.Body }, null);
    }
}
