using System.Text;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Reading;

/// <summary>A call with its outcome, or another record.</summary>
/// <param name="Call">Null for a record that is about no call.</param>
/// <param name="Outcome">Null when there is none (yet).</param>
/// <param name="Line">The decision's line, or the other record's.</param>
internal sealed record LogItem(CallRow? Call, OutcomeRow? Outcome, byte[] Line, byte[]? OutcomeLine);

/// <summary>
/// Brings decisions and outcomes of a log together, in the order in which calls ended, and the other records but checkpoints. Memory is bounded: of calls that
/// are open, so many are waited for; the oldest is given without an outcome when there are more.
/// </summary>
internal sealed class CallReader(CallFilter filter, int maxOpen = 10_000)
{
    private readonly Dictionary<string, (CallRow Call, byte[] Line)> _open = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Takes a line; gives the items that are complete with it.</summary>
    public IEnumerable<LogItem> Take(ReadOnlySpan<byte> text)
    {
        if (!RecordLine.TryRead(text, out var line))
            return [];
        var type = line.Type;
        if (type.SequenceEqual("decision"u8))
            return Decision(text);
        if (type.SequenceEqual("outcome"u8))
            return Outcome(line);
        if (filter.IsAboutCalls || type.SequenceEqual("checkpoint"u8))
            return [];
        var time = DateTimeOffset.TryParse(Encoding.ASCII.GetString(line.String(",\"time\":\""u8)), System.Globalization.CultureInfo.InvariantCulture, out var parsed) ? parsed : default;
        return filter.IsWithin(time) ? [new LogItem(null, null, text.ToArray(), null)] : [];
    }

    /// <summary>The calls that have no outcome so far.</summary>
    public IEnumerable<LogItem> Open()
    {
        foreach (var id in _order)
        {
            if (_open.Remove(id, out var open))
                yield return new LogItem(open.Call, null, open.Line, null);
        }

        _order.Clear();
    }

    private IEnumerable<LogItem> Decision(ReadOnlySpan<byte> text)
    {
        if (!filter.MayMatch(text))
            return [];
        var line = text.ToArray();
        if (CallRow.Read(line) is not { } call || !filter.Matches(call) || !_open.TryAdd(call.DecisionId, (call, line)))
            return [];
        _order.Enqueue(call.DecisionId);
        while (_order.Count > maxOpen)
        {
            if (_open.Remove(_order.Dequeue(), out var oldest))
                return [new LogItem(oldest.Call, null, oldest.Line, null)];
        }

        return [];
    }

    private IEnumerable<LogItem> Outcome(in RecordLine line)
    {
        if (_open.Count == 0 || !_open.Remove(Encoding.UTF8.GetString(line.DecisionId), out var open))
            return [];
        var text = line.Text.ToArray();
        return [new LogItem(open.Call, OutcomeRow.Read(text), open.Line, text)];
    }
}
