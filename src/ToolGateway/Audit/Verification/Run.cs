using System.Text;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Verification;

/// <summary>Records that follow from each other, or one line that is no good record.</summary>
internal sealed class Run
{
    private readonly byte[] _chain;
    private readonly byte[] _firstPrev;
    private readonly byte[] _lastHash;

    public Run(in RecordLine record, long line)
    {
        (Line, LastLine, FirstSeq, LastSeq, Count) = (line, line, record.Seq, record.Seq, 1);
        (_chain, _firstPrev, _lastHash) = (record.Chain.ToArray(), record.Prev.ToArray(), record.Hash.ToArray());
    }

    private Run(long line, long? seq, string fault, bool torn)
    {
        (Line, LastLine, FirstSeq, LastSeq, Fault, IsTorn) = (line, line, seq ?? 0, seq ?? 0, fault, torn);
        (_chain, _firstPrev, _lastHash) = ([], [], []);
        BadSeq = seq;
    }

    public long Line { get; }

    public long LastLine { get; private set; }

    public long FirstSeq { get; }

    public long LastSeq { get; private set; }

    public long Count { get; private set; }

    public long? BadSeq { get; }

    public string? Fault { get; }

    public bool IsTorn { get; }

    public bool EndsWithStop { get; set; }

    public string FirstPrev => Encoding.ASCII.GetString(_firstPrev);

    public string Chain => Encoding.ASCII.GetString(_chain);

    public string LastHash => Encoding.ASCII.GetString(_lastHash);

    public static Run Bad(long line, long? seq, string fault, bool torn = false) => new(line, seq, fault, torn);

    public bool TryExtend(in RecordLine record)
    {
        if (record.Seq != LastSeq + 1 || !record.Prev.SequenceEqual(_lastHash) || !record.Chain.SequenceEqual(_chain))
            return false;
        LastSeq = record.Seq;
        LastLine++;
        Count++;
        record.Hash.CopyTo(_lastHash);
        return true;
    }
}
