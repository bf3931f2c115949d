using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using ToolGateway.Telemetry;

namespace ToolGateway.Tests.Telemetry;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PrometheusExporter _exporter;
    private readonly Meter _meter;

    public PrometheusExporterTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _exporter = new PrometheusExporter(factory);
        _meter = factory.Create(TelemetryNames.Meter);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _exporter.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Write_Counter_SumsBySetOfTags()
    {
        var counter = _meter.CreateCounter<long>("test.calls", "{call}", "Calls.");

        counter.Add(1, new KeyValuePair<string, object?>("tool", "crm"));
        counter.Add(2, new KeyValuePair<string, object?>("tool", "crm"));
        counter.Add(4, new KeyValuePair<string, object?>("tool", "files"));

        var text = _exporter.Write();
        Assert.Contains("# TYPE test_calls_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("test_calls_total{tool=\"crm\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("test_calls_total{tool=\"files\"} 4\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Histogram_CountsBucketsUpwards()
    {
        var histogram = _meter.CreateHistogram<double>(
            "test.time", "s", "Time.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = TelemetryNames.DurationBuckets });

        histogram.Record(0.00001);
        histogram.Record(0.0003);
        histogram.Record(99);

        var text = _exporter.Write();
        Assert.Contains("test_time_seconds_bucket{le=\"1E-05\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("test_time_seconds_bucket{le=\"0.0005\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("test_time_seconds_bucket{le=\"10\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("test_time_seconds_bucket{le=\"+Inf\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("test_time_seconds_count 3\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ObservableGaugeWhoseSeriesEnd_ForgetsThem()
    {
        var revision = "one";
        _meter.CreateObservableGauge("test.info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("revision", revision)));
        Assert.Contains("test_info{revision=\"one\"} 1\n", _exporter.Write(), StringComparison.Ordinal);

        revision = "two";

        var text = _exporter.Write();
        Assert.Contains("test_info{revision=\"two\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("one", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LabelWithQuotesAndNewlines_Escapes()
    {
        _meter.CreateCounter<long>("test.odd").Add(1, new KeyValuePair<string, object?>("x", "a\"b\\c\nd"));

        Assert.Contains("test_odd_total{x=\"a\\\"b\\\\c\\nd\"} 1\n", _exporter.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ManyPolicyReasons_StopsAtTheCap()
    {
        var tags = new ReasonTags();

        var values = Enumerable.Range(0, 1000).Select(i => tags.Of([$"reason_{i}"])).ToHashSet(StringComparer.Ordinal);

        Assert.InRange(values.Count, 2, 65);
        Assert.Contains("_other", values);
        Assert.Equal("rate_limited", tags.Of(["rate_limited"]));
    }
}
