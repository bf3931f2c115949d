using System.Security.Cryptography;

namespace ToolGateway.Audit.Records;

/// <summary>
/// The line of a record: P, then <c>,"hash":"…"}</c> and a line feed, where the hash is SHA-256 over P and P ends with the hash of the record before.
/// </summary>
internal static class LineFormat
{
    public const int HashHexLength = 64;
    public const int ChainIdLength = 32;

    /// <summary>Length of <c>,"hash":"…"}</c> without the line feed.</summary>
    public const int SuffixLength = 9 + HashHexLength + 2;

    /// <summary>Length of <c>,"prev":"…"</c>.</summary>
    public const int PrevLength = 9 + HashHexLength + 1;

    public static ReadOnlySpan<byte> Start => """{"v":1,"chain":"""u8;

    public static ReadOnlySpan<byte> NoHash => "0000000000000000000000000000000000000000000000000000000000000000"u8;

    /// <summary>Appends the line of a record and moves the chain on.</summary>
    /// <param name="sha256">One that is kept: setting it up costs as much as hashing a record.</param>
    /// <param name="prev">The hash of the record before, as 64 hex digits; replaced by this record's.</param>
    public static void Append(RecordBuffer lines, ReadOnlySpan<byte> chain, long seq, ReadOnlySpan<byte> body, Span<byte> prev, IncrementalHash sha256)
    {
        var from = lines.Length;
        lines.Raw(Start);
        lines.Raw((byte)'"');
        lines.Raw(chain);
        lines.Raw("\",\"seq\":"u8);
        lines.Number(seq);
        lines.Raw((byte)',');
        lines.Raw(body);
        lines.Raw(",\"prev\":\""u8);
        lines.Raw(prev);
        lines.Raw((byte)'"');
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sha256.AppendData(lines.Written[from..]);
        sha256.GetHashAndReset(hash);
        Convert.TryToHexStringLower(hash, prev, out _);
        lines.Raw(",\"hash\":\""u8);
        lines.Raw(prev);
        lines.Raw("\"}\n"u8);
    }
}
