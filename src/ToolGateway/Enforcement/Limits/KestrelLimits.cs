using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ToolGateway.Enforcement.Limits;

/// <summary>
/// Limits that the server itself holds, before there is a request to decide on. It answers 431 (header fields), 408 (slow), 413 (size) and 400 (not HTTP) by itself;
/// <see cref="Recording.BadRequestObserver"/> records these.
/// </summary>
internal static partial class KestrelLimits
{
    /// <summary>A lone LF ends no line: others on the way may not agree that it does. Kestrel offers this as a switch only.</summary>
    private const string OnlyCrLf = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    public static void Apply(KestrelServerOptions server, LimitOptions options, ILogger logger)
    {
        var connections = Math.Min(options.MaxConnections, FileDescriptors.MaxConnections ?? int.MaxValue);
        if (connections < options.MaxConnections)
            Log.TooFewDescriptors(logger, options.MaxConnections, connections);
        AppContext.SetSwitch(OnlyCrLf, true);
        server.AddServerHeader = false;
        server.AllowSynchronousIO = false;

        // Tools answer in UTF-8; the default refuses anything but ASCII in the middle of a response.
        server.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8;
        var limits = server.Limits;
        limits.MaxRequestBodySize = options.MaxBodyBytes;
        limits.MaxRequestHeaderCount = options.MaxHeaderCount;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyBytesPerSecond, RateGrace);
        limits.MaxConcurrentConnections = connections;
        limits.MaxConcurrentUpgradedConnections = connections;
        limits.Http2.MaxRequestHeaderFieldSize = Math.Min(options.MaxHeaderBytes, 16 << 10);
    }

    private static partial class Log
    {
        [LoggerMessage(410, LogLevel.Warning, "Limits:MaxConnections is {Configured}, but this process's file descriptors allow {Connections} connections; raise its limit (LimitNOFILE, ulimit -n), or write less")]
        public static partial void TooFewDescriptors(ILogger logger, int configured, int connections);
    }
}
