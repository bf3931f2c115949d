using System.Text;
using System.Text.Json;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Checkpoints;

/// <summary>A signed statement: at <paramref name="Time"/> the chain had come to record <paramref name="Seq"/> with <paramref name="Hash"/>.</summary>
internal sealed record Checkpoint(string Chain, long Seq, string Hash, string Time, string KeyId, byte[] Signature)
{
    /// <summary>The bytes that are signed.</summary>
    public static byte[] Statement(string chain, long seq, string hash, string time, string keyId) =>
        Encoding.UTF8.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"toolgateway-audit-checkpoint-v1\n{chain}\n{seq}\n{hash}\n{time}\n{keyId}\n"));

    public byte[] Statement() => Statement(Chain, Seq, Hash, Time, KeyId);

    /// <summary>The file form, in which a checkpoint is kept elsewhere as an anchor.</summary>
    public byte[] ToJson()
    {
        var to = new RecordBuffer();
        to.Raw("{\"v\":1,\"chain\":"u8);
        to.Text(Chain);
        to.Raw(",\"seq\":"u8);
        to.Number(Seq);
        to.Raw(",\"hash\":"u8);
        to.Text(Hash);
        to.Raw(",\"time\":"u8);
        to.Text(Time);
        to.Raw(",\"key_id\":"u8);
        to.Text(KeyId);
        to.Raw(",\"signature\":\""u8);
        to.Base64(Signature);
        to.Raw("\"}\n"u8);
        return to.Written.ToArray();
    }

    /// <summary>Reads the file form; null when it is not one.</summary>
    public static Checkpoint? FromJson(ReadOnlyMemory<byte> json) => Parse(json, "seq", "hash");

    /// <summary>Reads a <c>checkpoint</c> record; null when it is not one.</summary>
    public static Checkpoint? FromRecord(ReadOnlyMemory<byte> line) => Parse(line, "covers_seq", "covers_hash");

    private static Checkpoint? Parse(ReadOnlyMemory<byte> json, string seqName, string hashName)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return FromMembers(document.RootElement, seqName, hashName);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Checkpoint? FromMembers(JsonElement root, string seqName, string hashName)
    {
        if (root.ValueKind == JsonValueKind.Object && Text(root, "chain") is { } chain && Text(root, hashName) is { } hash && Text(root, "time") is { } time
            && Text(root, "key_id") is { } keyId && root.TryGetProperty(seqName, out var seqElement) && seqElement.ValueKind == JsonValueKind.Number && seqElement.TryGetInt64(out var seq)
            && root.TryGetProperty("signature", out var signature) && signature.ValueKind == JsonValueKind.String && signature.TryGetBytesFromBase64(out var bytes))
        {
            return new Checkpoint(chain, seq, hash, time, keyId, bytes);
        }

        return null;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
