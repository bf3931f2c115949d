using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ToolGateway.Enforcement.Recording;

/// <summary>
/// Hears of what Kestrel refuses in HTTP/2 below the level of requests: violations of the protocol, floods, streams over the limit. Its log is the only place that names
/// them (ADR 0011), so this is a log provider, for that category alone.
/// </summary>
internal sealed class Http2ErrorLog(CallConnections connections, StreamErrors streamErrors, ServerRefusals refusals) : ILoggerProvider
{
    public const string Category = "Microsoft.AspNetCore.Server.Kestrel.Http2";

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Category ? new Observer(this) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void Dispose()
    {
    }

    private void Hear(string? name, IReadOnlyList<KeyValuePair<string, object?>> state, Exception? exception)
    {
        switch (name)
        {
            case "Http2ConnectionError" or "HPackDecodingError":
                Record(Value(state, "ConnectionId"), exception);
                break;
            case "Http2StreamError":
                RecordStream(Value(state, "ConnectionId"), exception);
                break;

            // With this code the head of the request was wrong; with others, a call that had begun was reset, which its own pair says.
            case "Http2StreamResetAbort" when Value(state, "error") == "PROTOCOL_ERROR" && Value(state, "TraceIdentifier") is { } trace:
                Record(trace.Split(':')[0], exception);
                break;
        }
    }

    private void Record(string? connectionId, Exception? exception)
    {
        if (connectionId is not null && connections.TryFind(connectionId, out var peer))
            refusals.Record(peer, IsFlood(exception) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status400BadRequest);
    }

    /// <summary>The text begins with <c>HTTP/2 stream ID 1 error (CODE):</c>; the type is Kestrel's own.</summary>
    private void RecordStream(string? connectionId, Exception? exception)
    {
        var digits = (exception?.Message ?? "").AsSpan().TrimStart("HTTP/2 stream ID ");
        var end = digits.IndexOf(' ');
        if (IsFlood(exception) || end < 0 || !int.TryParse(digits[..end], out var stream))
            Record(connectionId, exception);
        else if (connectionId is not null && connections.TryFind(connectionId, out var peer))
            streamErrors.Add(connectionId, stream, peer);
    }

    /// <summary>Streams that are refused for their number never become calls.</summary>
    private static bool IsFlood(Exception? exception) => exception?.Message is { } message
        && (message.Contains("(ENHANCE_YOUR_CALM)", StringComparison.Ordinal) || message.Contains("(REFUSED_STREAM)", StringComparison.Ordinal));

    private static string? Value(IReadOnlyList<KeyValuePair<string, object?>> state, string name)
    {
        for (var i = 0; i < state.Count; i++)
        {
            if (state[i].Key == name)
                return state[i].Value?.ToString();
        }

        return null;
    }

    private sealed class Observer(Http2ErrorLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
                log.Hear(eventId.Name, values, exception);
        }
    }
}
