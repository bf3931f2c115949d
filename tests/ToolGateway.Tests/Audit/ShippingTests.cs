using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Exporter;
using ToolGateway.Audit;
using ToolGateway.Audit.Shipping;

namespace ToolGateway.Tests.Audit;

public sealed partial class ShippingTests
{
    [Fact]
    public async Task Ship_OfARunningLog_SendsEveryRecordWithItsLine()
    {
        await using var collector = await Collector.StartAsync();
        await using var log = new TestLog(new AuditOptions { SegmentBytes = 30_000 });
        await log.OpenAsync();
        using var shipper = Shipper(log, collector);
        await shipper.StartAsync(default);
        await log.CallsAsync(50);
        await log.Log.StopAsync();
        await collector.UntilAsync(received => received.Contains(log.Lines()[^1]));
        await shipper.StopAsync(default);
        Assert.Equal(log.Lines(), collector.Received.Distinct());
        Assert.Contains("service.instance.id", collector.Raw, StringComparison.Ordinal);
        Assert.Contains("toolgateway.audit.decision", collector.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ship_WhileTheCollectorRefuses_SendsAgainUntilItTakes()
    {
        await using var collector = await Collector.StartAsync();
        collector.Status = 400;
        await using var log = new TestLog();
        await log.OpenAsync();
        using var shipper = Shipper(log, collector);
        await shipper.StartAsync(default);
        await log.CallsAsync(10);
        await collector.UntilAsync(_ => collector.Requests >= 2);
        Assert.Null(ShippingPosition.Load(log.Directory));
        collector.Status = 200;
        await log.Log.StopAsync();
        await collector.UntilAsync(received => received.Contains(log.Lines()[^1]));
        await shipper.StopAsync(default);
        Assert.Equal(log.Lines(), collector.Received.Distinct());
    }

    [Fact]
    public async Task Ship_AfterARestart_GoesOnWhereItWas()
    {
        await using var collector = await Collector.StartAsync();
        await using var log = new TestLog();
        await log.OpenAsync();
        using (var first = Shipper(log, collector))
        {
            await first.StartAsync(default);
            await log.CallsAsync(10);
            var shipped = log.Lines();
            await collector.UntilAsync(received => received.Contains(shipped[^3]));
            await first.StopAsync(default);
        }

        await log.CallsAsync(10, from: 10);
        await log.Log.StopAsync();
        using var second = Shipper(log, collector);
        await second.StartAsync(default);
        await collector.UntilAsync(received => received.Contains(log.Lines()[^1]));
        await second.StopAsync(default);
        Assert.Equal(log.Lines(), collector.Received);
    }

    [Fact]
    public async Task Ship_FromAPositionThatIsNone_GoesOnAsSoonAsItIsOneAgain()
    {
        await using var collector = await Collector.StartAsync();
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(5);
        new ShippingPosition(Path.GetFileName(ToolGateway.Audit.Writing.SegmentNames.Segments(log.Directory)[0]), -1).Save(log.Directory);
        using var shipper = Shipper(log, collector);
        await shipper.StartAsync(default);
        await log.Log.StopAsync();

        // A background service that fails stops the whole gateway.
        await Task.WhenAny(shipper.ExecuteTask!, Task.Delay(1000));
        Assert.False(shipper.ExecuteTask!.IsCompleted);
        File.Delete(Path.Combine(log.Directory, ShippingPosition.FileName));
        await collector.UntilAsync(received => received.Contains(log.Lines()[^1]));
        await shipper.StopAsync(default);
    }

    [Fact]
    public async Task Ship_ToACollectorThatHangs_SlowsNoCall()
    {
        await using var collector = await Collector.StartAsync();
        collector.Hangs = true;
        await using var log = new TestLog();
        await log.OpenAsync();
        using var shipper = Shipper(log, collector);
        await shipper.StartAsync(default);
        await log.CallsAsync(5);
        await collector.UntilAsync(_ => collector.Requests >= 1);
        var started = Stopwatch.GetTimestamp();
        await log.CallsAsync(200, from: 5);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
        collector.Hangs = false;
        await shipper.StopAsync(default);
    }

    private static AuditShipper Shipper(TestLog log, Collector collector) => new(
        new AuditSettings(log.Options, "gw-1", log.Root),
        () => new OtlpLogSink(new OtlpExporterOptions { Endpoint = new Uri(collector.Url), Protocol = OtlpExportProtocol.HttpProtobuf, TimeoutMilliseconds = 2000 }, "gw-1"),
        TestLog.Metrics,
        NullLogger<AuditShipper>.Instance);

    /// <summary>An OTLP endpoint that keeps the lines it finds in what it takes.</summary>
    private sealed partial class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<string> _raw = new();
        private volatile bool _hangs;
        private int _requests;

        private Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapPost("/v1/logs", TakeAsync);
        }

        public int Status { get; set; } = 200;

        public bool Hangs
        {
            get => _hangs;
            set => _hangs = value;
        }

        public int Requests => Volatile.Read(ref _requests);

        public string Url => _app.Urls.Single() + "/v1/logs";

        public string Raw => string.Concat(_raw);

        public List<string> Received => [.. Line().Matches(Raw).Select(match => match.Value)];

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            await collector._app.StartAsync();
            return collector;
        }

        public async Task UntilAsync(Func<List<string>, bool> condition)
        {
            var started = Stopwatch.GetTimestamp();
            while (!condition(Received))
            {
                Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"waited for 20 s; {Requests} requests, {Received.Count} records");
                await Task.Delay(10);
            }
        }

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();

        [GeneratedRegex("""\{"v":1,"chain":"[0-9a-f]{32}","seq":[^\n]*?"hash":"[0-9a-f]{64}"\}""")]
        private static partial Regex Line();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Interlocked.Increment(ref _requests);
            while (_hangs && !context.RequestAborted.IsCancellationRequested)
                await Task.Delay(10);
            if (Status == 200)
                _raw.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
            context.Response.StatusCode = Status;
        }
    }
}
