using System.Globalization;
using System.Text;
using ToolGateway.Audit.Reading;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>Finds segments that hold only records older than a time.</summary>
internal static class Retention
{
    /// <summary>A segment is as old as the record that begins the next one; the newest segment never expires.</summary>
    public static IReadOnlyList<ExpiredSegment> Expired(string directory, DateTimeOffset before)
    {
        var result = new List<ExpiredSegment>();
        try
        {
            var segments = SegmentNames.Segments(directory);
            for (var i = 0; i + 1 < segments.Count; i++)
            {
                using var next = LineReader.Open(segments[i + 1]);
                if (!next.TryRead(out var text) || !RecordLine.TryRead(text, out var first) || Time(first) is not { } time || time >= before)
                    break;
                result.Add(new ExpiredSegment(segments[i], FirstSeq(segments[i]), first.Seq - 1, Encoding.ASCII.GetString(first.Prev)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else took a segment away, or its permissions: it stays, with all that came after it, until it can be read.
        }

        return result;
    }

    private static long FirstSeq(string path)
    {
        using var reader = LineReader.Open(path);
        return reader.TryRead(out var text) && RecordLine.TryRead(text, out var line) ? line.Seq : 0;
    }

    private static DateTimeOffset? Time(in RecordLine line) =>
        DateTimeOffset.TryParse(Encoding.ASCII.GetString(line.String(",\"time\":\""u8)), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}

/// <summary>A segment to prune.</summary>
internal sealed record ExpiredSegment(string Path, long FirstSeq, long LastSeq, string LastHash);
