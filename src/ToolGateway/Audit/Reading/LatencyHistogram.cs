using System.Numerics;

namespace ToolGateway.Audit.Reading;

/// <summary>Counts of durations in buckets of 6 %, so that a percentile of any number of calls takes the same memory.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 4;

    private readonly long[] _counts = new long[(64 - SubBits) << SubBits];

    public long Count { get; private set; }

    public void Add(long value)
    {
        _counts[Bucket(Math.Max(0, value))]++;
        Count++;
    }

    /// <summary>The upper end of the bucket in which that share of the values is; 0 when there are none.</summary>
    public long Percentile(double share)
    {
        var rank = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < _counts.Length && Count > 0; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
                return UpperEnd(i);
        }

        return 0;
    }

    private static int Bucket(long value)
    {
        var magnitude = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)value) - SubBits);
        return (magnitude << SubBits) + (int)(value >> magnitude);
    }

    private static long UpperEnd(int bucket)
    {
        if (bucket < 2 << SubBits)
            return bucket;
        var magnitude = (bucket >> SubBits) - 1;
        return ((bucket - ((long)magnitude << SubBits) + 1) << magnitude) - 1;
    }
}
