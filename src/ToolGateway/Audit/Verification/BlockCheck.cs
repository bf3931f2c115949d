using System.Security.Cryptography;
using System.Text;
using ToolGateway.Audit.Checkpoints;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Verification;

/// <summary>
/// The lines of one block, each with what the chain needs. Hashing is here and needs nothing of other blocks; <see cref="ChainCheck"/> then follows the chain
/// in order.
/// </summary>
internal sealed class BlockCheck
{
    private readonly IReadOnlySet<long> _wanted;

    private BlockCheck(string file, IReadOnlySet<long> wanted) => (File, _wanted) = (file, wanted);

    public string File { get; }

    /// <summary>The lines as runs that are linked within themselves; usually one.</summary>
    public List<Run> Runs { get; } = [];

    public List<SignedRecord> Checkpoints { get; } = [];

    public List<PrunedRange> Pruned { get; } = [];

    /// <summary>Hashes of the records that were asked for.</summary>
    public List<(long Seq, string Hash)> Hashes { get; } = [];

    public static BlockCheck Of(in Block block, IReadOnlySet<long> wanted)
    {
        var check = new BlockCheck(block.File, wanted);
        var text = block.Buffer.AsSpan(0, block.Length);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[LineFormat.HashHexLength];
        for (var number = block.FirstLine; !text.IsEmpty; number++)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (end < 0 || !RecordLine.TryRead(line, out var record))
            {
                check.Runs.Add(Run.Bad(number, null, end < 0 ? "the file ends within this line" : "the line is not a record", torn: end < 0));
                continue;
            }

            SHA256.HashData(record.Hashed, hash);
            Convert.TryToHexStringLower(hash, hex, out _);
            if (!record.Hash.SequenceEqual(hex))
                check.Runs.Add(Run.Bad(number, record.Seq, "the content does not give the recorded hash"));
            else
                check.Take(record, number);
        }

        return check;
    }

    private void Take(in RecordLine record, long number)
    {
        if (Runs is [.., { Fault: null } last] && last.TryExtend(record))
        {
            Note(record, number);
            return;
        }

        Runs.Add(new Run(record, number));
        Note(record, number);
    }

    private void Note(in RecordLine record, long number)
    {
        var type = record.Type;
        Runs[^1].EndsWithStop = type.SequenceEqual("stop"u8) || (Runs[^1].EndsWithStop && type.SequenceEqual("checkpoint"u8));
        if (type.SequenceEqual("checkpoint"u8))
            Checkpoints.Add(new SignedRecord(Checkpoint.FromRecord(record.Text.ToArray()), record, number));
        else if (type.SequenceEqual("pruned"u8) && PrunedRange.Read(record) is { } pruned)
            Pruned.Add(pruned);
        if (_wanted.Contains(record.Seq))
            Hashes.Add((record.Seq, Encoding.ASCII.GetString(record.Hash)));
    }
}
