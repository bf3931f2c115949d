using System.Globalization;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>Checks the escapes of a JSON string whose grammar is already known to be right.</summary>
internal static class JsonEscapes
{
    /// <summary>Whether no <c>\u</c> escape is U+0000 or half a surrogate pair.</summary>
    public static bool AreText(ReadOnlySpan<byte> escaped)
    {
        while (true)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash < 0)
                return true;
            escaped = escaped[backslash..];
            if (escaped[1] != (byte)'u')
            {
                escaped = escaped[2..];
                continue;
            }

            var unit = CodeUnit(escaped);
            escaped = escaped[6..];
            if (unit == 0 || char.IsLowSurrogate(unit))
                return false;
            if (!char.IsHighSurrogate(unit))
                continue;

            // Its other half must follow at once, escaped too: a raw one is not valid UTF-8.
            if (!escaped.StartsWith("\\u"u8) || !char.IsLowSurrogate(CodeUnit(escaped)))
                return false;
            escaped = escaped[6..];
        }
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
