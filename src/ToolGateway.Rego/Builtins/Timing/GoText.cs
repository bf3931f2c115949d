using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>Text as Go's time package quotes it in its messages.</summary>
internal static class GoText
{
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
                quoted.Append('\\').Append(rune);
            else if (rune.Value is >= ' ' and < 0x80)
                quoted.Append(rune);
            else
                foreach (var b in Encoding.UTF8.GetBytes(rune.ToString()))
                    quoted.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return quoted.Append('"').ToString();
    }
}
