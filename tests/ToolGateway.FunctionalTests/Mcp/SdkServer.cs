using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ToolGateway.FunctionalTests.Mcp;

/// <summary>A server on the official SDK, over Streamable HTTP: with sessions (older revisions only), or stateless (every revision).</summary>
internal sealed class SdkServer : IAsyncDisposable
{
    private static readonly JsonTypeInfo<JsonRpcMessage> Message = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly ConcurrentDictionary<string, SdkSession> _sessions = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private SdkServer(bool withSessions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/mcp", withSessions ? PostToSessionAsync : PostStatelessAsync);
        if (withSessions)
        {
            _app.MapGet("/mcp", GetAsync);
            _app.MapDelete("/mcp", DeleteAsync);
        }
    }

    public string Url => _app.Urls.Single() + "/mcp";

    /// <summary>Sessions that no client has ended.</summary>
    public int OpenSessions => _sessions.Count;

    /// <summary>Session ids that requests came with, empty for none.</summary>
    public ConcurrentQueue<string> SessionIds { get; } = new();

    public static async Task<SdkServer> StartAsync(bool withSessions)
    {
        var server = new SdkServer(withSessions);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
            await session.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static async Task PostStatelessAsync(HttpContext context)
    {
        var message = await ReadAsync(context);
        await using var session = new SdkSession(new StreamableHttpServerTransport { Stateless = true });
        await session.HandleAsync(message, context);
    }

    private static async Task<JsonRpcMessage> ReadAsync(HttpContext context)
    {
        var message = await JsonSerializer.DeserializeAsync(context.Request.Body, Message, context.RequestAborted);
        message!.Context = new JsonRpcMessageContext { ProtocolVersion = context.Request.Headers["MCP-Protocol-Version"] };
        return message;
    }

    private async Task PostToSessionAsync(HttpContext context)
    {
        var message = await ReadAsync(context);
        if (message is JsonRpcRequest { Method: "initialize" })
            await InitializeAsync(context, message);
        else if (Find(context) is { } session)
            await session.HandleAsync(message, context);
        else
            context.Response.StatusCode = context.Request.Headers.ContainsKey("Mcp-Session-Id") ? 404 : 400;
    }

    private Task InitializeAsync(HttpContext context, JsonRpcMessage message)
    {
        var id = Guid.NewGuid().ToString("N");
        var session = new SdkSession(new StreamableHttpServerTransport { SessionId = id });
        _sessions[id] = session;
        context.Response.Headers["Mcp-Session-Id"] = id;
        return session.HandleAsync(message, context);
    }

    private async Task GetAsync(HttpContext context)
    {
        if (Find(context) is not { } session)
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        try
        {
            await session.Transport.HandleGetRequestAsync(context.Response.Body, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the session is over.
        }
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (Find(context) is { } session && _sessions.TryRemove(session.Transport.SessionId!, out _))
            await session.DisposeAsync();
        else
            context.Response.StatusCode = 404;
    }

    private SdkSession? Find(HttpContext context)
    {
        var id = context.Request.Headers["Mcp-Session-Id"].ToString();
        SessionIds.Enqueue(id);
        return _sessions.GetValueOrDefault(id);
    }
}
