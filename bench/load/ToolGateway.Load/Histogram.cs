namespace ToolGateway.Load;

/// <summary>Latencies in logarithmic buckets of less than one per cent width, from 1 µs to hours.</summary>
internal sealed class Histogram
{
    private const int SubBuckets = 128;

    private readonly long[] _counts = new long[40 * SubBuckets];

    public long Count { get; private set; }

    public void Add(TimeSpan latency)
    {
        _counts[Index(Math.Max(1, (long)(latency.TotalMicroseconds * 10)))]++;
        Count++;
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
    }

    /// <summary>Microseconds below which the share <paramref name="quantile"/> of latencies lies.</summary>
    public double Quantile(double quantile)
    {
        var wanted = (long)Math.Ceiling(quantile * Count);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0)
                return Value(i) / 10d;
        }

        return 0;
    }

    private static int Index(long value)
    {
        var exponent = Math.Max(0, 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)value) - 6);
        return (exponent * SubBuckets) + (int)(value >> exponent);
    }

    private static double Value(int index)
    {
        var exponent = index / SubBuckets;
        return (long)(index % SubBuckets) << exponent;
    }
}
