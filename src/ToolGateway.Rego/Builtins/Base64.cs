using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>base64.*, base64url.* and hex.*. Strings are UTF-8 when encoded; decoded bytes that are not UTF-8 become U+FFFD.</summary>
internal static class Base64
{
    private const string Standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const string UrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public static Builtin[] All { get; } =
    [
        Signature.Declare("base64.decode(x:string) -> string", (c, a) => Decode(c, a, Standard, addPadding: false)),
        Signature.Declare("base64.encode(x:string) -> string", (c, a) => Encode(c, a, Convert.ToBase64String)),
        Signature.Declare("base64.is_valid(x:string) -> boolean", IsValid),
        Signature.Declare("base64url.decode(x:string) -> string", (c, a) => Decode(c, a, UrlSafe, addPadding: true)),
        Signature.Declare("base64url.encode(x:string) -> string", (c, a) => Encode(c, a, EncodeUrl)),
        Signature.Declare("base64url.encode_no_pad(x:string) -> string", (c, a) => Encode(c, a, static bytes => EncodeUrl(bytes).TrimEnd('='))),
        Signature.Declare("hex.decode(x:string) -> string", DecodeHex),
        Signature.Declare("hex.encode(x:string) -> string", (c, a) => Encode(c, a, Convert.ToHexStringLower)),
    ];

    /// <summary>Bytes of padded base64 as Go reads it: line breaks are skipped; null and the place of the first fault otherwise.</summary>
    public static byte[]? TryDecode(string text, bool urlSafe, out int faultAt) => TryDecode(text, urlSafe ? UrlSafe : Standard, out faultAt);

    private static RegoString? Encode(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<byte[], string> function)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText((long)text.Length * 6);
        return RegoString.Of(function(Encoding.UTF8.GetBytes(text)));
    }

    private static string EncodeUrl(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');

    private static RegoValue? Decode(BuiltinContext context, ReadOnlySpan<RegoValue> args, string alphabet, bool addPadding)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText((long)text.Length * 2);
        if (addPadding && !text.EndsWith('='))
        {
            if (text.Length % 4 == 1)
                return context.Fail($"illegal base64url string: {text}");
            text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        }

        return TryDecode(text, alphabet, out var fault) is { } bytes ? RegoString.Of(Runes.Decode(bytes)) : context.Fail($"illegal base64 data at input byte {fault}");
    }

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString { Value: var text })
            return RegoBoolean.False;
        context.SpendText((long)text.Length * 2);
        return RegoBoolean.Of(TryDecode(text, Standard, out _) is not null);
    }

    private static byte[]? TryDecode(string text, string alphabet, out int faultAt)
    {
        var output = new List<byte>(text.Length * 3 / 4);
        var group = 0;
        var count = 0;
        for (faultAt = 0; faultAt < text.Length; faultAt++)
        {
            var c = text[faultAt];
            if (c is '\r' or '\n')
                continue;
            if (c == '=')
                return FinishPadded(output, text, ref faultAt, group, count);
            var value = alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
                return null;
            group = (group << 6) | value;
            if (++count < 4)
                continue;
            output.Add((byte)(group >> 16));
            output.Add((byte)(group >> 8));
            output.Add((byte)group);
            group = count = 0;
        }

        return count == 0 ? [.. output] : null;
    }

    private static byte[]? FinishPadded(List<byte> output, string text, ref int at, int group, int count)
    {
        if (count < 2)
            return null;
        var missing = 4 - count;
        for (; at < text.Length; at++)
        {
            if (text[at] is '\r' or '\n')
                continue;
            if (text[at] != '=' || missing-- == 0)
                return null;
        }

        if (missing != 0)
            return null;
        if (count == 3)
        {
            output.Add((byte)(group >> 10));
            output.Add((byte)(group >> 2));
        }
        else
        {
            output.Add((byte)(group >> 4));
        }

        return [.. output];
    }

    private static RegoValue? DecodeHex(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii || !char.IsAsciiHexDigit((char)rune.Value))
                return context.Fail($"encoding/hex: invalid byte: U+{rune.Value:X4} '{rune}'");
        }

        return text.Length % 2 != 0 ? context.Fail("encoding/hex: odd length hex string") : RegoString.Of(Runes.Decode(Convert.FromHexString(text)));
    }
}
