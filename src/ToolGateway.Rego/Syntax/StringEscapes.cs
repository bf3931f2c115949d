using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Syntax;

/// <summary>Decodes the escapes of string literals, which the lexer has checked.</summary>
internal static class StringEscapes
{
    private const char Replacement = '\ufffd';

    public static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
            return Repair(text.ToString());
        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                decoded.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                decoded.Append((char)ushort.Parse(text.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                decoded.Append(Simple(text[i]));
            }
        }

        return Repair(decoded.ToString());
    }

    /// <summary>In a raw template only <c>\{</c> is an escape.</summary>
    public static string DecodeRawTemplate(ReadOnlySpan<char> text) =>
        text.ToString().Replace("\\{", "{", StringComparison.Ordinal);

    private static char Simple(char c) => c switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => c,
    };

    /// <summary>Half a surrogate pair becomes the replacement character, as Go decodes JSON.</summary>
    private static string Repair(string text)
    {
        var at = FirstLoneSurrogate(text, 0);
        if (at < 0)
            return text;
        var repaired = text.ToCharArray();
        for (; at >= 0; at = FirstLoneSurrogate(text, at + 1))
            repaired[at] = Replacement;
        return new string(repaired);
    }

    private static int FirstLoneSurrogate(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return i;
            i++;
        }

        return -1;
    }
}
