using ToolGateway.Audit.Checkpoints;

namespace ToolGateway.Audit.Records;

/// <summary>Bodies of the records that are about the log and the gateway, not about one call.</summary>
internal static class EventFormat
{
    public static void Head(RecordBuffer to, DateTimeOffset time, string type, string instance)
    {
        to.Raw("\"time\":"u8);
        to.Time(time);
        to.Raw(",\"type\":"u8);
        to.Text(type);
        to.Raw(",\"instance\":"u8);
        to.Text(instance);
    }

    public static void Start(RecordBuffer to, string version, AuditOptions options, string signingKey, string digestKey)
    {
        to.Raw(",\"version\":"u8);
        to.Text(version);
        to.Raw(",\"durability\":"u8);
        to.Text(options.Durability);
        to.Raw(",\"high_risk_durability\":"u8);
        to.Text(options.HighRiskDurability);
        to.Raw(",\"signing_key\":"u8);
        to.Text(signingKey);
        to.Raw(",\"digest_key\":"u8);
        to.Text(digestKey);
    }

    public static void Change(RecordBuffer to, ChangeRecord change)
    {
        to.Raw(",\"part\":"u8);
        to.Text(change.Part);
        to.Raw(",\"old_revision\":"u8);
        to.Text(change.OldRevision);
        to.Raw(",\"new_revision\":"u8);
        to.Text(change.NewRevision);
        to.Raw(",\"detail\":"u8);
        to.Text(change.Detail);
    }

    /// <param name="open">Calls without an outcome so far, when a segment begins; else null.</param>
    public static void Checkpoint(RecordBuffer to, Checkpoint checkpoint, string instance, IReadOnlyCollection<string>? open)
    {
        to.Raw("\"time\":"u8);
        to.Text(checkpoint.Time);
        to.Raw(",\"type\":\"checkpoint\",\"instance\":"u8);
        to.Text(instance);
        to.Raw(",\"covers_seq\":"u8);
        to.Number(checkpoint.Seq);
        to.Raw(",\"covers_hash\":"u8);
        to.Text(checkpoint.Hash);
        to.Raw(",\"key_id\":"u8);
        to.Text(checkpoint.KeyId);
        to.Raw(",\"signature\":\""u8);
        to.Base64(checkpoint.Signature);
        to.Raw((byte)'"');
        if (open is not null)
            Ids(to, ",\"open\":"u8, open);
    }

    public static void Recovery(RecordBuffer to, IReadOnlyCollection<string> closed, string? tornFile, long tornBytes, Checkpoint? missingUntil, long found)
    {
        to.Raw(",\"torn_bytes\":"u8);
        to.Number(tornBytes);
        to.Raw(",\"torn_file\":"u8);
        to.Text(tornFile);
        to.Raw(",\"missing\":"u8);
        if (missingUntil is null)
        {
            to.Raw("null"u8);
        }
        else
        {
            to.Raw("{\"after_seq\":"u8);
            to.Number(found);
            to.Raw(",\"until_seq\":"u8);
            to.Number(missingUntil.Seq);
            to.Raw(",\"until_hash\":"u8);
            to.Text(missingUntil.Hash);
            to.Raw((byte)'}');
        }

        Ids(to, ",\"closed\":"u8, closed);
    }

    public static void Pruned(RecordBuffer to, string file, long firstSeq, long lastSeq, string lastHash)
    {
        to.Raw(",\"segment\":"u8);
        to.Text(file);
        to.Raw(",\"first_seq\":"u8);
        to.Number(firstSeq);
        to.Raw(",\"last_seq\":"u8);
        to.Number(lastSeq);
        to.Raw(",\"last_hash\":"u8);
        to.Text(lastHash);
    }

    private static void Ids(RecordBuffer to, ReadOnlySpan<byte> member, IReadOnlyCollection<string> ids)
    {
        to.Raw(member);
        CallerFormat.Strings(to, [.. ids]);
    }
}
