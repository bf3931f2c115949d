using System.Globalization;
using System.Text;
using ToolGateway.Audit.Reading;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>Finds segments that hold only records older than a time.</summary>
internal static class Retention
{
    /// <summary>A segment is as old as the record that begins the next one; the newest segment never expires.</summary>
    /// <exception cref="IOException">A segment cannot be read; it stays, with all that came after it.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static IEnumerable<ExpiredSegment> Expired(string directory, DateTimeOffset before)
    {
        var segments = SegmentNames.Segments(directory);
        for (var i = 0; i + 1 < segments.Count; i++)
        {
            if (First(segments[i + 1]) is not { } next || next.Time >= before)
                yield break;
            yield return new ExpiredSegment(segments[i], First(segments[i])?.Seq ?? 0, next.Seq - 1, next.Prev);
        }
    }

    private static (long Seq, DateTimeOffset Time, string Prev)? First(string path)
    {
        using var reader = LineReader.Open(path);
        return reader.TryRead(out var text) && RecordLine.TryRead(text, out var line) && Time(line) is { } time
            ? (line.Seq, time, Encoding.ASCII.GetString(line.Prev))
            : null;
    }

    private static DateTimeOffset? Time(in RecordLine line) =>
        DateTimeOffset.TryParse(Encoding.ASCII.GetString(line.String(",\"time\":\""u8)), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}

/// <summary>A segment to prune.</summary>
internal sealed record ExpiredSegment(string Path, long FirstSeq, long LastSeq, string LastHash);
