namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>A PEM block.</summary>
/// <param name="Type">What its first line names: <c>CERTIFICATE</c>.</param>
internal sealed record PemBlock(string Type, byte[] Bytes);

/// <summary>Reads PEM as Go's encoding/pem does: the first well-formed block, and the text after it.</summary>
internal static class Pem
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>The first block, or null; <paramref name="rest"/> is what follows it, or all when there is none.</summary>
    public static PemBlock? Decode(string text, out string rest)
    {
        rest = text;
        for (var at = 0; ;)
        {
            at = FindBegin(text, at);
            if (at < 0)
                return null;
            var typeLine = Line(text, at, out var body);
            if (!typeLine.EndsWith(Dashes))
                continue;
            var type = typeLine[..^Dashes.Length].ToString();
            body = SkipHeaders(text, body);
            var end = FindEnd(text, body);
            if (end < 0)
                continue;
            var trailer = text.IndexOf(End, end, StringComparison.Ordinal) + End.Length;
            var last = Line(text, trailer, out var next);
            if (!last.SequenceEqual(type + Dashes) || TryDecode(text.AsSpan(body, end - body)) is not { } bytes)
                continue;
            rest = text[next..];
            return new PemBlock(type, bytes);
        }
    }

    private static int FindBegin(string text, int at)
    {
        if (at == 0 && text.StartsWith(Begin, StringComparison.Ordinal))
            return Begin.Length;
        var found = text.IndexOf("\n" + Begin, at, StringComparison.Ordinal);
        return found < 0 ? -1 : found + 1 + Begin.Length;
    }

    /// <summary>Where the last line begins: at once, or after a line break.</summary>
    private static int FindEnd(string text, int body)
    {
        if (string.CompareOrdinal(text, body, End, 0, End.Length) == 0)
            return body;
        return text.IndexOf("\n" + End, body, StringComparison.Ordinal);
    }

    private static int SkipHeaders(string text, int at)
    {
        while (at < text.Length && Line(text, at, out var next).Contains(':'))
            at = next;
        return at;
    }

    private static ReadOnlySpan<char> Line(string text, int at, out int next)
    {
        var end = text.IndexOf('\n', at);
        next = end < 0 ? text.Length : end + 1;
        var line = text.AsSpan(at, (end < 0 ? text.Length : end) - at);
        return line.TrimEnd("\r").TrimEnd(" \t");
    }

    private static byte[]? TryDecode(ReadOnlySpan<char> base64)
    {
        var bytes = new byte[base64.Length];
        return System.Buffers.Text.Base64.IsValid(base64) && Convert.TryFromBase64Chars(base64, bytes, out var written) ? bytes[..written] : null;
    }
}
