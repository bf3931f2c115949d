using System.Globalization;

namespace ToolGateway.Audit.Writing;

/// <summary>Names of the files in a log's directory.</summary>
internal static class SegmentNames
{
    public const string Lock = "audit.lock";

    /// <summary>The newest checkpoint, for telling a log that was cut from one that ends.</summary>
    public const string Head = "checkpoint.json";

    public const string PublicKeySuffix = ".public.pem";

    private const string Prefix = "audit-";
    private const string Suffix = ".jsonl";

    public static string Segment(long firstSeq) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{firstSeq:D12}{Suffix}");

    /// <summary>Where a tail that is not a record is moved.</summary>
    public static string Torn(long afterSeq, DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"torn-after-{afterSeq:D12}-{time:yyyyMMddTHHmmssfff}.bin");

    /// <summary>The segments of a directory (or the one file <paramref name="path"/> is), in order.</summary>
    public static IReadOnlyList<string> Segments(string path)
    {
        if (File.Exists(path))
            return [path];
        return [.. Directory.EnumerateFiles(path, Prefix + "*" + Suffix).OrderBy(file => Path.GetFileName(file), StringComparer.Ordinal)];
    }
}
