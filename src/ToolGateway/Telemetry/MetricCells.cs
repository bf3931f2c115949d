using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace ToolGateway.Telemetry;

/// <summary>The series of one instrument: a cell for each set of tags, found without allocating.</summary>
internal sealed class MetricCells
{
    /// <summary>Series of one instrument beyond this are counted together; tags are closed lists, so this only stops a mistake.</summary>
    private const int MaxCells = 10_000;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricCell> _cells = new(TagsComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricCell>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly double[] _bounds;

    public MetricCells(Instrument instrument, bool isHistogram, bool isCounter)
    {
        Instrument = instrument;
        IsHistogram = isHistogram;
        IsCounter = isCounter;
        KeepsLast = instrument.IsObservable || instrument.GetType().GetGenericTypeDefinition() == typeof(Gauge<>);
        _lookup = _cells.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        _bounds = isHistogram ? [.. (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? TelemetryNames.DurationBuckets] : [];
    }

    public Instrument Instrument { get; }

    public bool IsHistogram { get; }

    public bool IsCounter { get; }

    /// <summary>Whether a measurement replaces the one before, where others are summed.</summary>
    public bool KeepsLast { get; }

    public IReadOnlyList<double> Bounds => _bounds;

    public IEnumerable<KeyValuePair<KeyValuePair<string, object?>[], MetricCell>> Cells => _cells;

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Cell(tags).Add(value);

    public void Set(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Cell(tags).Set(value);

    public void Observe(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Cell(tags).Observe(value, _bounds);

    /// <summary>Forgets series, before observable instruments report the ones that there are.</summary>
    public void Clear() => _cells.Clear();

    private MetricCell Cell(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_lookup.TryGetValue(tags, out var cell))
            return cell;
        var key = _cells.Count < MaxCells ? tags.ToArray() : Overflow;
        return _cells.GetOrAdd(key, static (_, buckets) => new MetricCell(buckets), _bounds.Length);
    }

    private sealed class TagsComparer
        : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static TagsComparer Instance { get; } = new();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals(x.AsSpan(), y!);

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length)
                return false;
            for (var i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
                    return false;
            }

            return true;
        }

        public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            // Names are the same for all series of an instrument; only values tell them apart.
            var hash = alternate.Length;
            foreach (var tag in alternate)
                hash = unchecked((hash * 31) + (tag.Value?.GetHashCode() ?? 0));
            return hash;
        }

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();
    }
}

/// <summary>One series: a sum or last value, and for histograms the counts by bucket.</summary>
internal sealed class MetricCell(int bounds)
{
    private readonly long[] _buckets = bounds == 0 ? [] : new long[bounds + 1];
    private double _value;

    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        double before;
        do
        {
            before = Volatile.Read(ref _value);
        }
        while (Interlocked.CompareExchange(ref _value, before + value, before) != before);
    }

    public void Observe(double value, double[] limits)
    {
        var index = Array.BinarySearch(limits, value);
        Interlocked.Increment(ref _buckets[index < 0 ? ~index : index]);
        Add(value);
    }

    public long[] Buckets() => [.. _buckets.Select((_, index) => Interlocked.Read(ref _buckets[index]))];
}
