using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ToolGateway.Rego.Builtins;

/// <summary>Percent coding as Go's <c>net/url</c> does it.</summary>
internal static class GoUrl
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private static int Hex(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b == ' ')
                escaped.Append('+');
            else if (b < 0x80 && Unreserved.Contains((char)b, StringComparison.Ordinal))
                escaped.Append((char)b);
            else
                escaped.Append('%').Append("0123456789ABCDEF"[b >> 4]).Append("0123456789ABCDEF"[b & 15]);
        }

        return escaped.ToString();
    }

    /// <summary>Reverses percent coding; <paramref name="plusIsSpace"/> in queries, not in paths.</summary>
    public static bool TryUnescape(string text, bool plusIsSpace, [NotNullWhen(true)] out string? result, [NotNullWhen(false)] out string? error)
    {
        var bytes = new List<byte>(text.Length);
        var utf8 = Encoding.UTF8.GetBytes(text);
        result = error = null;
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '%')
            {
                if (i + 2 >= utf8.Length || !char.IsAsciiHexDigit((char)utf8[i + 1]) || !char.IsAsciiHexDigit((char)utf8[i + 2]))
                {
                    error = $"invalid URL escape {Values.GoQuote.Quote(Runes.Decode(utf8.AsSpan(i, Math.Min(3, utf8.Length - i))))}";
                    return false;
                }

                bytes.Add((byte)((Hex(utf8[i + 1]) << 4) | Hex(utf8[i + 2])));
                i += 2;
                continue;
            }

            bytes.Add(plusIsSpace && utf8[i] == '+' ? (byte)' ' : utf8[i]);
        }

        result = Runes.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
        return true;
    }
}
