using System.Globalization;

namespace ToolGateway.Audit.Verification;

/// <summary>Follows the chain through the runs of all blocks, in order, and says where it does not hold and why.</summary>
internal sealed class ChainCheck
{
    private readonly List<Gap> _gaps = [];
    private string? _lastHash;
    private long _badLines;

    public List<AuditFault> Faults { get; } = [];

    public string? Chain { get; private set; }

    public long FirstSeq { get; private set; }

    /// <summary>What the first record names as the record before it.</summary>
    public string FirstPrev { get; private set; } = "";

    public long LastSeq { get; private set; }

    public string LastHash => _lastHash ?? "";

    public string LastFile { get; private set; } = "";

    public long Records { get; private set; }

    public bool Stopped { get; private set; }

    public void Follow(string file, Run run)
    {
        LastFile = file;
        if (run.Fault is not null)
            Bad(file, run);
        else if (Chain is null)
            Begin(file, run);
        else if (run.Chain != Chain)
            Faults.Add(new(FaultKind.Foreign, file, run.Line, run.FirstSeq, $"{Named(run)} of another log (chain {run.Chain})"));
        else if (run.FirstSeq <= LastSeq)
            Backwards(file, run);
        else
            Forwards(file, run);
        Records += run.Count;
    }

    /// <summary>Says which gaps were never filled; what a <c>pruned</c> record accounts for at the beginning is no fault.</summary>
    /// <param name="wholeLog">False for one segment, which may begin anywhere.</param>
    public void Finish(IReadOnlyList<PrunedRange> pruned, bool wholeLog)
    {
        foreach (var gap in _gaps)
        {
            if (gap.From == 1 && (!wholeLog || pruned.Any(range => range.LastSeq == gap.To && range.LastHash == FirstPrev)))
                continue;
            var detail = gap.From == 1 ? "missing, and no record says that they were pruned" : "missing before this line";
            Faults.Add(new(FaultKind.Missing, gap.File, gap.Line, gap.From, $"{Range(gap.From, gap.To)} {detail}"));
        }

        _gaps.Clear();
    }

    private void Bad(string file, Run run)
    {
        _badLines++;
        Stopped = false;
        Faults.Add(new(run.IsTorn ? FaultKind.Truncated : FaultKind.Changed, file, run.Line, run.BadSeq ?? LastSeq + 1, run.Fault!));
    }

    private void Begin(string file, Run run)
    {
        (Chain, FirstSeq, FirstPrev) = (run.Chain, run.FirstSeq, run.FirstPrev);
        if (run.FirstSeq > 1 + _badLines)
            _gaps.Add(new Gap(1, run.FirstSeq - 1 - _badLines, file, run.Line));
        else if (run.FirstSeq == 1 && _badLines == 0 && run.FirstPrev.AsSpan().IndexOfAnyExcept('0') >= 0)
            Faults.Add(new(FaultKind.Foreign, file, run.Line, 1, "it is the first record, and names one before it"));
        Accept(run);
    }

    private void Forwards(string file, Run run)
    {
        var expected = LastSeq + 1 + _badLines;
        if (run.FirstSeq > expected)
            _gaps.Add(new Gap(LastSeq + 1, run.FirstSeq - 1, file, run.Line));
        else if (_badLines == 0 && run.FirstPrev != _lastHash)
            Faults.Add(new(FaultKind.Foreign, file, run.Line, run.FirstSeq, Text($"it does not follow from record {LastSeq}: one of the two was put in its place")));
        Accept(run);
    }

    private void Backwards(string file, Run run)
    {
        var gap = _gaps.FindIndex(known => run.FirstSeq >= known.From && run.FirstSeq <= known.To);
        if (gap < 0)
        {
            var last = Math.Min(run.LastSeq, LastSeq);
            Faults.Add(new(FaultKind.Reordered, file, run.Line, run.FirstSeq, Text($"{Range(run.FirstSeq, last)} in the log before already")));
        }
        else
        {
            Fill(gap, file, run);
        }

        if (run.LastSeq > LastSeq)
            Accept(run);
    }

    private void Fill(int index, string file, Run run)
    {
        var (from, to, where, line) = _gaps[index];
        _gaps.RemoveAt(index);
        if (run.FirstSeq > from)
            _gaps.Add(new Gap(from, run.FirstSeq - 1, where, line));
        if (run.LastSeq < to)
            _gaps.Add(new Gap(run.LastSeq + 1, to, where, line));
        Faults.Add(run.LastSeq > to
            ? new(FaultKind.Reordered, where, line, to + 1, Text($"record {to + 1} is here, before its place"))
            : new(FaultKind.Reordered, where, line, run.FirstSeq, Text($"{Range(run.FirstSeq, run.LastSeq)} not here but at {file} line {run.Line}")));
    }

    private void Accept(Run run)
    {
        (LastSeq, _lastHash, _badLines, Stopped) = (run.LastSeq, run.LastHash, 0, run.EndsWithStop);
    }

    private static string Named(Run run) => run.Count == 1 ? Text($"record {run.FirstSeq}") : Text($"records {run.FirstSeq} to {run.LastSeq}");

    private static string Range(long from, long to) => from == to ? Text($"record {from} is") : Text($"records {from} to {to} are");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Gap(long From, long To, string File, long Line);
}
