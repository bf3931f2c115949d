using System.Buffers.Text;

namespace ToolGateway.Audit.Records;

/// <summary>
/// A line read back. The members that the chain needs stand at fixed places, and the ones that name a record come before any content that a caller
/// influences, so the first occurrence of their name is theirs.
/// </summary>
internal readonly ref struct RecordLine
{
    private static readonly int ChainAt = LineFormat.Start.Length + 1;

    private RecordLine(ReadOnlySpan<byte> text, long seq)
    {
        Text = text;
        Seq = seq;
    }

    /// <summary>The line without its line feed.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public long Seq { get; }

    /// <summary>What the hash is over.</summary>
    public ReadOnlySpan<byte> Hashed => Text[..^LineFormat.SuffixLength];

    public ReadOnlySpan<byte> Chain => Text.Slice(ChainAt, LineFormat.ChainIdLength);

    public ReadOnlySpan<byte> Prev => Text.Slice(Text.Length - LineFormat.SuffixLength - 1 - LineFormat.HashHexLength, LineFormat.HashHexLength);

    public ReadOnlySpan<byte> Hash => Text.Slice(Text.Length - 2 - LineFormat.HashHexLength, LineFormat.HashHexLength);

    public ReadOnlySpan<byte> Type => String(",\"type\":\""u8);

    public ReadOnlySpan<byte> DecisionId => String(",\"decision_id\":\""u8);

    /// <summary>Reads a line's frame. False: it is not a record.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out RecordLine line)
    {
        line = default;
        var afterChain = ChainAt + LineFormat.ChainIdLength;
        if (text.Length < afterChain + LineFormat.SuffixLength + LineFormat.PrevLength + 10 || !text.StartsWith(LineFormat.Start)
            || text[ChainAt - 1] != '"' || !text[afterChain..].StartsWith("\",\"seq\":"u8))
        {
            return false;
        }

        if (!Utf8Parser.TryParse(text[(afterChain + 8)..], out long seq, out var digits) || text[afterChain + 8 + digits] != ',')
            return false;
        var suffix = text[^LineFormat.SuffixLength..];
        var prev = text[..^LineFormat.SuffixLength][^LineFormat.PrevLength..];
        if (!suffix.StartsWith(",\"hash\":\""u8) || !suffix.EndsWith("\"}"u8) || !prev.StartsWith(",\"prev\":\""u8) || prev[^1] != '"')
            return false;
        line = new RecordLine(text, seq);
        return true;
    }

    /// <summary>The characters of the first string member of that name, still escaped; empty when there is none.</summary>
    /// <param name="member">The name as <c>,"name":"</c>.</param>
    public ReadOnlySpan<byte> String(ReadOnlySpan<byte> member)
    {
        var at = Text.IndexOf(member);
        if (at < 0)
            return default;
        var value = Text[(at + member.Length)..];
        var end = value.IndexOf((byte)'"');
        return end < 0 ? default : value[..end];
    }
}
