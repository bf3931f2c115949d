using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Bodies;
using ToolGateway.ToolCalls.Mcp;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>Reads requests to an MCP server's endpoint as tool calls, in both eras of the protocol.</summary>
internal sealed class McpClassifier(McpSessionIds sessions, OutstandingRequests outstanding, TaskHolders tasks, ServerVersions versions)
{
    private static readonly CallRefusal NoPath = new(404, ReasonCodes.TargetInvalid, "An MCP server has one endpoint, /tools/{name}.");
    private static readonly CallRefusal NoQuery = new(400, ReasonCodes.QueryInvalid, "An MCP endpoint takes no query.");
    private static readonly CallRefusal OtherOrigin = new(403, ReasonCodes.HeaderInvalid, "Requests from web pages of other origins are refused.");
    private static readonly CallRefusal OtherMethod = new(405, ReasonCodes.MethodNotAllowed, "The endpoint takes POST, and GET and DELETE from older clients.") { Allow = "POST, GET, DELETE" };
    private static readonly CallRefusal PostOnly = new(405, ReasonCodes.MethodNotAllowed, "This protocol version takes POST only.") { Allow = "POST" };
    private static readonly CallRefusal NotJson = new(415, ReasonCodes.MediaTypeUnsupported, "The body must be application/json in UTF-8, without Content-Encoding.");
    private static readonly CallRefusal NoBody = new(400, ReasonCodes.BodyUnexpected, "GET and DELETE take no body.");
    private static readonly CallRefusal UnknownVersion = new(400, ReasonCodes.VersionUnsupported, "This protocol version is not supported.");
    private static readonly CallRefusal UnknownSession = new(404, ReasonCodes.SessionUnknown, "The session is not known; initialize again.");
    private static readonly CallRefusal UnknownMethod = new(404, ReasonCodes.MethodUnknown, "This protocol version has no such method.");
    private static readonly CallRefusal NotAsked = new(400, ReasonCodes.RequestNotOutstanding, "The server is not waiting for this response.");
    private static readonly CallRefusal NoItem = new(400, ReasonCodes.BodyInvalid, "The parameters must name the tool, prompt or resource that the request is about.");
    private static readonly CallRefusal UnknownTask = new(404, ReasonCodes.TaskUnknown, "The task is not known.");

    private static readonly ToolAction Protocol = new(
        "", null, null, System.Collections.Frozen.FrozenDictionary<string, bool>.Empty, AnyQuery: false, BodyMode.Json, Risk.Low, "read");

    public async ValueTask<Classification> ClassifyAsync(HttpContext context, GatewayCall call, ToolTarget target, McpExchange exchange)
    {
        if (CheckRequest(context, call, target) is { } refusal)
            return refusal;
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
            return ClassifyStream(request, call, exchange);
        if (!MediaTypes.IsJson(request.ContentType) || !MediaTypes.IsIdentity(request.Headers.ContentEncoding))
            return NotJson;
        var body = await BodyReader.ReadAsync(request, call.Snapshot.Options.Limits.MaxBodyBytes, call.Open.Token).ConfigureAwait(false);
        if (body.Refusal is { } unread)
            return unread;
        var reading = McpMessage.Read(body.Body.Span);
        exchange.Id = reading.Id;
        if (reading.Message is not { } message)
        {
            exchange.Code = reading.Code;
            return new CallRefusal(400, ReasonCodes.BodyInvalid, reading.Problem!);
        }

        exchange.Message = message;
        return CheckProtocol(request.Headers, call, exchange, message) ?? ClassifyMessage(call, exchange, message, body.Body, request.Headers);
    }

    private static CallRefusal? CheckRequest(HttpContext context, GatewayCall call, in ToolTarget target)
    {
        if (HeaderChecks.Check(context, call.Tool!) is { } refusal)
            return refusal;
        if (!target.Path.IsEmpty && target.Path is not "/")
            return NoPath;
        if (target.HasQuery)
            return NoQuery;
        if (context.Request.Headers.Origin is { Count: > 0 } origin && !IsOwnOrigin(origin.ToString(), call.Snapshot.Options.PublicUrl))
            return OtherOrigin;
        var method = context.Request.Method;
        return HttpMethods.IsPost(method) || HttpMethods.IsGet(method) || HttpMethods.IsDelete(method) ? null : OtherMethod;
    }

    private static bool IsOwnOrigin(string origin, string? publicUrl) =>
        publicUrl is not null && string.Equals(new Uri(publicUrl).GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase);

    private Classification ClassifyStream(HttpRequest request, GatewayCall call, McpExchange exchange)
    {
        var version = request.Headers[McpNames.VersionHeader].ToString();
        if (version.Length > 0 && McpVersions.IsModern(version))
            return PostOnly;
        if (version.Length > 0 && !McpVersions.IsSupported(version))
            return UnknownVersion;
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
            return NoBody;
        exchange.Version = version.Length > 0 ? version : McpVersions.Assumed;
        if (!OpenSession(request.Headers, call, exchange))
            return UnknownSession;
        var action = HttpMethods.IsGet(request.Method) ? McpNames.StreamAction : McpNames.EndSessionAction;
        return new Classification(
            Build(call, Protocol, action, request.Method, default) with
            {
                BodyMode = BodyMode.None,
                Intent = new Intent(call.Caller!.Intent?.Task, call.Caller.Intent?.Purpose, call.Caller.Intent is not null),
                Mcp = new McpCall(action[McpNames.ActionPrefix.Length..], exchange.Version, null, null),
            },
            null);
    }

    private CallRefusal? CheckProtocol(IHeaderDictionary headers, GatewayCall call, McpExchange exchange, McpMessage message)
    {
        var header = headers[McpNames.VersionHeader].ToString();
        var stated = message.MetaText(McpNames.VersionMeta);
        exchange.Version = header.Length > 0 ? header : stated ?? (message.Method == McpMethods.Discover ? McpVersions.Modern : McpVersions.Assumed);
        exchange.IsModern = McpVersions.IsModern(exchange.Version);
        var isSupported = McpVersions.IsSupported(exchange.Version) || message.Method == McpMethods.Initialize;
        if (isSupported && message.Kind != McpMessageKind.Response && !McpMethods.IsKnown(message.Method, exchange.IsModern))
            return UnknownMethod;
        if (McpHeaders.Check(headers, message, exchange.IsModern) is { } mismatch)
            return new CallRefusal(400, ReasonCodes.HeaderMismatch, mismatch);
        if (!isSupported)
        {
            exchange.Supported = versions.Of(call.Tool!.Name);
            return UnknownVersion;
        }

        if (exchange.IsModern && message.Kind == McpMessageKind.Request && MissingMeta(message) is { } missing)
        {
            exchange.Code = McpErrorCodes.InvalidParams;
            return new CallRefusal(400, ReasonCodes.BodyInvalid, $"The member {missing} of params._meta is missing.");
        }

        return exchange.IsModern || OpenSession(headers, call, exchange) ? null : UnknownSession;
    }

    private static string? MissingMeta(McpMessage message) =>
        message.MetaText(McpNames.VersionMeta) is null ? McpNames.VersionMeta
        : !message.Meta.TryGetValue(McpNames.CapabilitiesMeta, out var capabilities) || capabilities is not RegoObject ? McpNames.CapabilitiesMeta
        : null;

    /// <summary>False: a session id that was not given to this caller for this tool.</summary>
    private bool OpenSession(IHeaderDictionary headers, GatewayCall call, McpExchange exchange)
    {
        var values = headers[McpNames.SessionHeader];
        if (values.Count == 0)
            return true;
        if (values.Count > 1 || sessions.Open(values.ToString(), call.Caller!, call.Tool!) is not { } upstream)
            return false;
        exchange.SessionId = values.ToString();
        exchange.UpstreamSessionId = upstream;
        return true;
    }

    private Classification ClassifyMessage(GatewayCall call, McpExchange exchange, McpMessage message, ReadOnlyMemory<byte> body, IHeaderDictionary headers)
    {
        if (message.Kind == McpMessageKind.Response && !outstanding.Take(exchange.SessionId, McpHolder.Of(call.Caller!, call.Tool!), message.Id!))
            return NotAsked;
        if (McpMethods.IsOfTask(message.Method) && !HoldsTask(call, message))
            return UnknownTask;
        if (McpItems.Of(message) is not { } items)
        {
            exchange.Code = McpErrorCodes.InvalidParams;
            return NoItem;
        }

        exchange.Items = items;
        var task = message.MetaText(McpNames.TaskMeta) ?? OneOrNull(headers, IntentReader.TaskHeader);
        var purpose = message.MetaText(McpNames.PurposeMeta) ?? OneOrNull(headers, IntentReader.PurposeHeader);
        if (IntentReader.Combine(task, purpose, call.Caller!.Intent, out var intent) is { } badIntent)
            return badIntent;
        return message.Method == McpMethods.CallTool
            ? ClassifyToolCall(call, exchange, message, body, intent, headers)
            : new Classification(
                Build(call, ProtocolAction(call.Tool!, message), ActionOf(message), "POST", body) with
                {
                    Intent = intent,
                    Mcp = Describe(exchange, message, message.Params.Without("_meta")),
                },
                null);
    }

    private bool HoldsTask(GatewayCall call, McpMessage message) =>
        message.Text("taskId") is { } task && tasks.IsHeldBy(call.Tool!.Name, task, McpHolder.Of(call.Caller!, call.Tool));

    private static string? OneOrNull(IHeaderDictionary headers, string name) => headers[name] is { Count: 1 } values ? values[0] : null;

    private static Classification ClassifyToolCall(
        GatewayCall call, McpExchange exchange, McpMessage message, ReadOnlyMemory<byte> body, in Intent intent, IHeaderDictionary headers)
    {
        var name = exchange.Items[0];
        if (!Names.IsValid(name))
        {
            exchange.Code = McpErrorCodes.InvalidParams;
            return new CallRefusal(400, ReasonCodes.BodyInvalid, "The tool's name must have 1 to 128 characters of A-Z, a-z, 0-9, '_', '.' and '-'.");
        }

        RegoValue arguments = RegoObject.Empty;
        if (message.Params.TryGetValue("arguments", out var given))
            arguments = given;
        if (arguments is not RegoObject)
        {
            exchange.Code = McpErrorCodes.InvalidParams;
            return new CallRefusal(400, ReasonCodes.BodyInvalid, "The tool's arguments must be an object.");
        }

        // Nobody has said what a tool does that is neither in the catalogue nor pinned.
        var tool = call.Tool!;
        var pin = tool.Pins?.Tools.GetValueOrDefault(name);
        if (exchange.IsModern && pin is not null && McpHeaders.CheckParameters(headers, pin, arguments) is { } mismatch)
            return new CallRefusal(400, ReasonCodes.HeaderMismatch, mismatch);
        var action = tool.Actions.GetValueOrDefault(name) ?? Protocol with { Risk = tool.Pins is null ? Risk.High : tool.Risk, Effect = "write" };
        var described = Describe(exchange, message, arguments) with { PinnedAnnotations = pin?.Annotations };
        return new Classification(Build(call, action, name, "POST", body) with { Intent = intent, Mcp = described }, null);
    }

    private static string ActionOf(McpMessage message) =>
        message.Kind == McpMessageKind.Response ? McpNames.ResponseAction : McpNames.ActionPrefix + message.Method;

    /// <summary>Handshake, lists and notifications show or change nothing; reading content is as risky as the tool.</summary>
    private static ToolAction ProtocolAction(Tool tool, McpMessage message) => message.Method switch
    {
        "resources/read" or "prompts/get" or "completion/complete" or "resources/subscribe" or "subscriptions/listen" => Protocol with { Risk = tool.Risk },
        _ => Protocol,
    };

    private static ToolCall Build(GatewayCall call, ToolAction action, string name, string method, ReadOnlyMemory<byte> body) => new()
    {
        Tool = call.Tool!,
        Action = name,
        Method = method,
        Risk = action.Risk,
        Effect = action.Effect,
        UpstreamTarget = call.Tool!.UpstreamPath.Length == 0 ? "/" : call.Tool.UpstreamPath,
        BodyMode = BodyMode.Json,
        Body = body,
        Intent = default,
    };

    private static McpCall Describe(McpExchange exchange, McpMessage message, RegoValue arguments)
    {
        message.Params.TryGetValue("inputResponses", out var responses);
        var state = message.Text("requestState");
        return new McpCall(
            message.Method,
            exchange.Version,
            responses,
            state is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state))))
        {
            Arguments = arguments,
        };
    }
}
