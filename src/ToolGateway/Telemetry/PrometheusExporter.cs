using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ToolGateway.Telemetry;

/// <summary>Collects the process's meters and writes them in Prometheus text format for <c>/metrics</c>.</summary>
internal sealed class PrometheusExporter : IDisposable
{
    private static readonly string[] Meters = [TelemetryNames.Meter, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly ConcurrentDictionary<Instrument, MetricCells> _instruments = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();

    public PrometheusExporter(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Another host in the same process (tests) has meters of the same name in a scope of its own.
            if (Meters.Contains(instrument.Meter.Name, StringComparer.Ordinal) && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, factory)))
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, Cells));
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Measure(value, tags, state));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Measure(value, tags, state));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Measure(value, tags, state));
        _listener.Start();
    }

    public string Write()
    {
        lock (_scrape)
        {
            foreach (var cells in _instruments.Values.Where(cells => cells.Instrument.IsObservable))
                cells.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var group in _instruments.Values.GroupBy(Name).OrderBy(group => group.Key, StringComparer.Ordinal))
                WriteInstrument(text, group.Key, [.. group]);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private static MetricCells Cells(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return new MetricCells(
            instrument,
            isHistogram: type == typeof(Histogram<>),
            isCounter: type == typeof(Counter<>) || type == typeof(ObservableCounter<>));
    }

    private static void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var cells = (MetricCells)state!;
        if (cells.IsHistogram)
            cells.Observe(value, tags);
        else if (cells.KeepsLast)
            cells.Set(value, tags);
        else
            cells.Add(value, tags);
    }

    private static string Name(MetricCells cells)
    {
        var name = cells.Instrument.Name.Replace('.', '_');
        var unit = cells.Instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return cells.IsCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static void WriteInstrument(StringBuilder text, string name, MetricCells[] instruments)
    {
        var first = instruments[0];
        var type = first.IsHistogram ? "histogram" : first.IsCounter ? "counter" : "gauge";
        text.Append("# HELP ").Append(name).Append(' ').Append((first.Instrument.Description ?? "").Replace('\n', ' ')).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (var instrument in instruments)
        {
            foreach (var (tags, cell) in instrument.Cells)
            {
                if (instrument.IsHistogram)
                    WriteHistogram(text, name, tags, cell, instrument.Bounds);
                else
                    WriteSample(text, name, tags, null, cell.Value);
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, KeyValuePair<string, object?>[] tags, MetricCell cell, IReadOnlyList<double> bounds)
    {
        var buckets = cell.Buckets();
        long count = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            WriteSample(text, $"{name}_bucket", tags, i < bounds.Count ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf", count);
        }

        WriteSample(text, $"{name}_sum", tags, null, cell.Value);
        WriteSample(text, $"{name}_count", tags, null, count);
    }

    private static void WriteSample(StringBuilder text, string name, KeyValuePair<string, object?>[] tags, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (key, tag) in tags)
        {
            AppendLabel(text, separator, key.Replace('.', '_'), Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "");
            separator = ',';
        }

        if (bound is not null)
        {
            AppendLabel(text, separator, "le", bound);
            separator = ',';
        }

        if (separator == ',')
            text.Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static void AppendLabel(StringBuilder text, char separator, string name, string value) =>
        text.Append(separator).Append(name).Append("=\"")
            .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append('"');
}
