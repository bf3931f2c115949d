using ToolGateway.Audit.Writing;

namespace ToolGateway.Audit.Reading;

/// <summary>Reads the records of a log in order, from segment to segment, and goes on where it stopped when there are more later.</summary>
internal sealed class LogCursor(string path) : IDisposable
{
    private LineReader? _reader;
    private string? _segment;
    private bool _hasNewer;

    /// <summary>Name of the segment that is being read; null before the first line.</summary>
    public string? Segment => _segment is null ? null : Path.GetFileName(_segment);

    /// <summary>Where in it the next line begins.</summary>
    public long Position => _reader?.Position ?? 0;

    /// <summary>Goes to a place that was read before. False: the segment is gone.</summary>
    public bool TrySeek(string segment, long position)
    {
        var file = SegmentNames.Segments(path).FirstOrDefault(candidate => Path.GetFileName(candidate) == segment);
        if (file is null || new FileInfo(file).Length < position)
            return false;
        Open(file, position);
        return true;
    }

    /// <summary>Goes to a line that is not much more than <paramref name="bytes"/> before the end.</summary>
    public void SeekFromEnd(long bytes)
    {
        var segments = SegmentNames.Segments(path);
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            var length = new FileInfo(segments[i]).Length;
            if (length < bytes && i > 0)
            {
                bytes -= length;
                continue;
            }

            Open(segments[i], Math.Max(0, length - bytes));
            if (length > bytes)
                _reader!.TryRead(out _);
            return;
        }
    }

    /// <summary>The next line without its line feed, valid until the next call. False: there is none now.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            if (_reader is not null && _reader.TryRead(out line))
                return true;

            // A newer segment means that this one is complete; it is read once more, since lines may have come before the newer one did.
            if (_reader is not null && !_hasNewer)
            {
                _hasNewer = Next() is not null;
                if (_hasNewer)
                    continue;
            }
            else if (Next() is { } next)
            {
                Open(next, 0);
                continue;
            }

            line = default;
            return false;
        }
    }

    public void Dispose() => _reader?.Dispose();

    private string? Next() =>
        SegmentNames.Segments(path).FirstOrDefault(file => _segment is null || string.CompareOrdinal(Path.GetFileName(file), Path.GetFileName(_segment)) > 0);

    private void Open(string file, long position)
    {
        _reader?.Dispose();
        (_reader, _segment, _hasNewer) = (LineReader.Open(file, position), file, false);
    }
}
