using System.Text;
using System.Text.Json;
using ToolGateway.Audit.Checkpoints;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Verification;

/// <summary>A <c>checkpoint</c> record; <see cref="Checkpoint"/> is null when its content is not one.</summary>
internal sealed class SignedRecord(Checkpoint? checkpoint, in RecordLine record, long line)
{
    public Checkpoint? Checkpoint { get; } = checkpoint;

    public long Seq { get; } = record.Seq;

    public long Line { get; } = line;

    /// <summary>Whether it covers the record before it, as every one does that the gateway wrote.</summary>
    public bool CoversItsPlace { get; } = checkpoint is not null && checkpoint.Hash == Encoding.ASCII.GetString(record.Prev)
        && checkpoint.Chain == Encoding.ASCII.GetString(record.Chain);
}

/// <summary>What a <c>pruned</c> record says was removed.</summary>
internal sealed record PrunedRange(long LastSeq, string LastHash)
{
    /// <summary>Reads the record; null when its content is not one.</summary>
    public static PrunedRange? Read(in RecordLine record)
    {
        try
        {
            using var document = JsonDocument.Parse(record.Text.ToArray());
            var root = document.RootElement;
            return root.TryGetProperty("last_seq", out var seq) && seq.TryGetInt64(out var last) && root.TryGetProperty("last_hash", out var hash)
                ? new(last, hash.GetString()!)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
