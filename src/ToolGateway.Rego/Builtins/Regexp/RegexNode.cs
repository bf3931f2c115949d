namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>A parsed regular expression.</summary>
internal abstract record RegexNode;

/// <summary>Matches the empty string, or a place: <see cref="At"/> says which.</summary>
internal sealed record EmptyNode(RegexPlace At) : RegexNode;

/// <summary>One code point of a set.</summary>
internal sealed record ClassNode(RuneSet Set) : RegexNode;

/// <summary>A numbered group.</summary>
internal sealed record CaptureNode(int Index, RegexNode Body) : RegexNode;

/// <summary>One after the other.</summary>
internal sealed record SequenceNode(IReadOnlyList<RegexNode> Items) : RegexNode;

/// <summary>The first that leads to a match.</summary>
internal sealed record ChoiceNode(IReadOnlyList<RegexNode> Items) : RegexNode;

/// <summary>Repetition; <see cref="Most"/> is −1 for any number.</summary>
internal sealed record RepeatNode(RegexNode Body, int Least, int Most, bool Greedy) : RegexNode;

/// <summary>Places between code points.</summary>
internal enum RegexPlace
{
    Anywhere,
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}

/// <summary>Reads code points from UTF-16 text.</summary>
internal static class RuneText
{
    /// <summary>The code point at <paramref name="at"/>; a lone surrogate stands for itself.</summary>
    public static int At(ReadOnlySpan<char> text, int at, out int width)
    {
        var c = text[at];
        if (char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        {
            width = 2;
            return char.ConvertToUtf32(c, text[at + 1]);
        }

        width = 1;
        return c;
    }
}
