using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ToolGateway.Audit.Reading;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>
/// The end of a log as a start finds it: where to go on, which calls were left without an outcome, and what is not a record. Only the newest segment is read,
/// since each segment begins with the calls that were open then.
/// </summary>
internal sealed class LogTail
{
    /// <summary>Files that hold no record, or whose end is not one, with the length of what is.</summary>
    public List<(string Path, long GoodLength)> Torn { get; } = [];

    public HashSet<string> Open { get; } = new(StringComparer.Ordinal);

    /// <summary>The segment to go on with; null when there is none.</summary>
    public string? Segment { get; private set; }

    public DateTimeOffset? SegmentBegan { get; private set; }

    /// <summary>The last record; null when there is none.</summary>
    public (byte[] Chain, long Seq, byte[] Hash)? Last { get; private set; }

    /// <summary>Whether the last run ended without a <c>stop</c> record.</summary>
    public bool Crashed { get; private set; }

    public static LogTail Read(string directory)
    {
        var tail = new LogTail();
        var segments = SegmentNames.Segments(directory);
        for (var i = segments.Count - 1; i >= 0 && tail.Last is null; i--)
        {
            tail.Segment = segments[i];
            tail.Scan(segments[i]);
        }

        return tail;
    }

    private void Scan(string path)
    {
        using var reader = LineReader.Open(path);
        var hash = new byte[SHA256.HashSizeInBytes];
        var hex = new byte[LineFormat.HashHexLength];
        var (chain, last) = (new byte[LineFormat.ChainIdLength], new byte[LineFormat.HashHexLength]);
        var good = 0L;
        var stopped = false;
        while (reader.TryRead(out var text))
        {
            if (!RecordLine.TryRead(text, out var line))
                continue;
            SHA256.HashData(line.Hashed, hash);
            Convert.TryToHexStringLower(hash, hex, out _);
            if (!line.Hash.SequenceEqual(hex))
                continue;
            good = reader.Position;
            SegmentBegan ??= Time(line);
            stopped = Note(line) || (stopped && line.Type.SequenceEqual("checkpoint"u8));
            line.Chain.CopyTo(chain);
            line.Hash.CopyTo(last);
            Last = (chain, line.Seq, last);
        }

        Crashed = Last is not null && !stopped;
        if (good == 0 || good < reader.Position + reader.Rest.Length)
            Torn.Add((path, good));
    }

    /// <summary>Follows which calls are open; true for a <c>stop</c>.</summary>
    private bool Note(in RecordLine line)
    {
        var type = line.Type;
        if (type.SequenceEqual("decision"u8))
            Open.Add(Encoding.UTF8.GetString(line.DecisionId));
        else if (type.SequenceEqual("outcome"u8))
            Open.Remove(Encoding.UTF8.GetString(line.DecisionId));
        else if (type.SequenceEqual("recovery"u8))
            Open.ExceptWith(Ids(line, "closed"));
        else if (type.SequenceEqual("checkpoint"u8) && line.Text.IndexOf(",\"open\":["u8) >= 0)
            Open.UnionWith(Ids(line, "open"));
        return type.SequenceEqual("stop"u8);
    }

    private static IEnumerable<string> Ids(in RecordLine line, string member)
    {
        using var document = JsonDocument.Parse(line.Text.ToArray());
        return document.RootElement.TryGetProperty(member, out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetString()!)] : [];
    }

    private static DateTimeOffset? Time(in RecordLine line) =>
        DateTimeOffset.TryParse(Encoding.ASCII.GetString(line.String(",\"time\":\""u8)), null, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
