using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ToolGateway.FunctionalTests.Telemetry.Wire;

namespace ToolGateway.FunctionalTests.Telemetry;

/// <summary>A collector: takes OTLP over HTTP/protobuf and over gRPC, each on a port of its own, and keeps what it was sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int GrpcPrefix = 5;

    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public string HttpUrl => Address(0);

    public string GrpcUrl => Address(1);

    public ConcurrentQueue<(string Scope, SpanItem Span)> Spans { get; } = new();

    public ConcurrentQueue<(string Scope, MetricItem Metric)> Metrics { get; } = new();

    public ConcurrentQueue<(string Scope, LogItem Log)> Logs { get; } = new();

    public ConcurrentDictionary<string, string> Resource { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, int> Requests { get; } = new(StringComparer.Ordinal);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The newest state of a metric: what the last export said.</summary>
    public MetricItem Metric(string name) =>
        Metrics.LastOrDefault(entry => entry.Metric.Name == name).Metric ?? throw new Xunit.Sdk.XunitException($"no metric {name}; there are {string.Join(", ", Names())}");

    private IEnumerable<string> Names() => Metrics.Select(entry => entry.Metric.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private string Address(int index) => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(index);

    private async Task TakeAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        var isGrpc = context.Request.ContentType == "application/grpc";
        if (isGrpc)
        {
            Assert.Equal(bytes.Length - GrpcPrefix, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
            bytes = bytes[GrpcPrefix..];
        }

        var path = context.Request.Path.Value!;
        Requests.AddOrUpdate(path, 1, static (_, count) => count + 1);
        Keep(path, Export.Parser.ParseFrom(bytes));
        context.Response.ContentType = context.Request.ContentType;
        if (!isGrpc)
            return;
        context.Response.AppendTrailer("grpc-status", "0");
        await context.Response.Body.WriteAsync(new byte[GrpcPrefix]);
    }

    private void Keep(string path, Export export)
    {
        foreach (var resource in export.Resources)
        {
            foreach (var attribute in resource.Resource.Attributes)
                Resource[attribute.Key] = attribute.Value.Text;
            foreach (var scope in resource.Scopes)
            {
                foreach (var item in scope.Items)
                    Keep(path, scope.Scope?.Name ?? "", item);
            }
        }
    }

    private void Keep(string path, string scope, ByteString item)
    {
        if (path.Contains("trace", StringComparison.OrdinalIgnoreCase))
            Spans.Enqueue((scope, SpanItem.Parser.ParseFrom(item)));
        else if (path.Contains("metrics", StringComparison.OrdinalIgnoreCase))
            Metrics.Enqueue((scope, MetricItem.Parser.ParseFrom(item)));
        else
            Logs.Enqueue((scope, LogItem.Parser.ParseFrom(item)));
    }
}
