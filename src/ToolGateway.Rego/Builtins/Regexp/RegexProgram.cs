namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>What an instruction of a <see cref="RegexProgram"/> does.</summary>
internal enum RegexOp : byte
{
    /// <summary>The pattern matched.</summary>
    Match,

    /// <summary>Takes one code point of the set.</summary>
    Take,

    /// <summary>Goes on at <c>Next</c>, and with less priority at <c>Other</c>.</summary>
    Split,

    /// <summary>Notes the position in capture slot <c>Other</c>.</summary>
    Save,

    /// <summary>Goes on only at the place <c>Other</c>.</summary>
    Assert,
}

/// <summary>One instruction.</summary>
internal readonly record struct RegexInstruction(RegexOp Op, int Next, int Other, RuneSet? Set);

/// <summary>A compiled pattern: instructions whose threads, in order of priority, find the leftmost match that a backtracking search would find first.</summary>
/// <param name="Slots">Capture slots: two for the match and two for each group.</param>
/// <param name="First">What a match can begin with, or null when that depends on the place or a match may be empty.</param>
internal sealed record RegexProgram(RegexInstruction[] Instructions, int Start, int Slots, RuneSet? First);
