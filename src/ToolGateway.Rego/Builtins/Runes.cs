using System.Text;

namespace ToolGateway.Rego.Builtins;

/// <summary>Strings counted and cut by Unicode code points, as Go's runes are; a lone surrogate counts as one.</summary>
internal static class Runes
{
    public static int Count(string text)
    {
        var pairs = 0;
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i < text.Length - 1; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
                pairs++;
        }

        return text.Length - pairs;
    }

    public static bool HasSurrogates(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    /// <summary>Index in UTF-16 units of the rune at <paramref name="rune"/>, or the length of the text when it has fewer.</summary>
    public static int Offset(string text, long rune)
    {
        var at = 0;
        while (rune > 0 && at < text.Length)
        {
            at += Length(text, at);
            rune--;
        }

        return at;
    }

    /// <summary>How many UTF-16 units the rune at <paramref name="at"/> takes.</summary>
    public static int Length(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    /// <summary>UTF-8 as Go reads it: every byte that begins no valid sequence becomes one U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        if (System.Text.Unicode.Utf8.IsValid(utf8))
            return Encoding.UTF8.GetString(utf8);
        var text = new StringBuilder(utf8.Length);
        while (!utf8.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf8(utf8, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            text.Append(valid ? rune.ToString() : "\uFFFD");
            utf8 = utf8[(valid ? length : 1)..];
        }

        return text.ToString();
    }
}
