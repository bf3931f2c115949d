using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>regex.globs_match: whether some text matches both of two simple patterns (characters, <c>.</c>, sets, each with <c>+</c> or <c>*</c>).</summary>
internal static class GlobIntersection
{
    private enum Flag
    {
        None,
        Plus,
        Star,
    }

    public static RegoValue? Match(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString first)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString second)
            return context.FailOperand(2, "string", args[1]);
        if (Read(context, first.Value) is not { } left || Read(context, second.Value) is not { } right)
            return null;
        return RegoBoolean.Of(Trim(ref left, ref right) && Normal(context, left, right));
    }

    private static Token[]? Read(BuiltinContext context, string text)
    {
        context.Budget.Charge(text.Length * 160L);
        var tokens = new List<Token>();
        var reader = new Reader(text);
        while (!reader.AtEnd)
        {
            context.Budget.Step();
            if (reader.Next() is not { } token)
            {
                context.Fail(reader.Error);
                return null;
            }

            tokens.Add(token);
        }

        return [.. tokens];
    }

    /// <summary>Drops plain prefixes and suffixes that agree, but one token of each; false when they disagree.</summary>
    private static bool Trim(ref Token[] left, ref Token[] right)
    {
        var start = 0;
        while (start < left.Length && start < right.Length && left[start].Flag == Flag.None && right[start].Flag == Flag.None)
        {
            if (!left[start].Meets(right[start]))
                return false;
            start++;
        }

        if (start > 0)
            start--;
        var tail = 0;
        while (left.Length - tail > start && right.Length - tail > start && left[^(tail + 1)].Flag == Flag.None && right[^(tail + 1)].Flag == Flag.None)
        {
            if (!left[^(tail + 1)].Meets(right[^(tail + 1)]))
                return false;
            tail++;
        }

        if (tail > 0)
            tail--;
        left = left[start..^tail];
        right = right[start..^tail];
        return true;
    }

    private static bool Normal(BuiltinContext context, ReadOnlySpan<Token> left, ReadOnlySpan<Token> right)
    {
        context.Budget.Enter();
        var result = false;
        var at = 0;
        while (at < left.Length && at < right.Length && left[at].Flag == Flag.None && right[at].Flag == Flag.None && left[at].Meets(right[at]))
        {
            context.Budget.Step();
            at++;
        }

        if (at == left.Length || at == right.Length)
            result = left.Length == right.Length;
        else if (left[at].Flag != Flag.None || right[at].Flag != Flag.None)
            result = left[at].Flag != Flag.None ? Repeated(context, left[at..], right[at..]) : Repeated(context, right[at..], left[at..]);
        context.Budget.Leave();
        return result;
    }

    /// <summary>The first token of <paramref name="repeated"/> takes tokens of <paramref name="other"/> until the one that follows it can take over.</summary>
    private static bool Repeated(BuiltinContext context, ReadOnlySpan<Token> repeated, ReadOnlySpan<Token> other)
    {
        var token = repeated[0];
        if (token.Flag == Flag.Plus)
        {
            if (!token.Meets(other[0]))
                return false;
            other = other[1..];
        }

        for (var i = 0; i < other.Length; i++)
        {
            context.Budget.Step();
            if (repeated.Length > 1 && other[i].Meets(repeated[1]) && Normal(context, repeated[1..], other[i..]))
                return true;
            if (!other[i].Meets(token))
                return false;
        }

        return repeated.Length == 1;
    }

    private sealed record Token(RuneSet Set, Flag Flag)
    {
        public bool Meets(Token other)
        {
            var a = Set.Bounds;
            var b = other.Set.Bounds;
            for (int i = 0, j = 0; i < a.Length && j < b.Length;)
            {
                if (a[i] <= b[j + 1] && b[j] <= a[i + 1])
                    return true;
                if (a[i + 1] < b[j + 1])
                    i += 2;
                else
                    j += 2;
            }

            return false;
        }
    }

    private ref struct Reader(string text)
    {
        private static readonly RuneSet Any = RuneSet.Of(0, RuneSet.MaxRune);

        private int _at;
        private int _runes;

        public string Error { get; private set; } = "";

        public readonly bool AtEnd => _at >= text.Length;

        public Token? Next()
        {
            if (!TryTake(out var rune, out var escaped))
                return null;
            RuneSet? set;
            if (escaped)
                set = RuneSet.Of(rune, rune);
            else if (rune == '.')
                set = Any;
            else if (rune == '[')
                set = ReadSet();
            else if (rune == ']')
                set = Fail("set-close ']' with no preceding '['");
            else if (rune is '+' or '*')
                set = Fail($"flag '{(char)rune}' must be preceded by a non-flag");
            else
                set = RuneSet.Of(rune, rune);
            return set is null ? null : new Token(set, ReadFlag());
        }

        private Flag ReadFlag()
        {
            if (AtEnd || text[_at] is not ('+' or '*'))
                return Flag.None;
            _runes++;
            return text[_at++] == '+' ? Flag.Plus : Flag.Star;
        }

        private RuneSet? ReadSet()
        {
            var set = new RuneSet.Builder();
            var previous = -1;
            while (true)
            {
                if (AtEnd)
                    return Fail("found [ without matching ]");
                if (!TryTake(out var rune, out var escaped))
                    return null;
                if (!escaped && rune == ']')
                    return set.ToSet();
                if (!escaped && rune == '-')
                {
                    if (previous < 0)
                        return Fail("range character '-' must be preceded by a Unicode character");
                    if (AtEnd || !TryTake(out var high, out escaped) || (!escaped && high == ']'))
                        return Fail("range character '-' must be followed by a Unicode character");
                    if (high < previous)
                        return Fail($"range is out of order: '{char.ConvertFromUtf32(high)}' comes before '{char.ConvertFromUtf32(previous)}' in Unicode");
                    set.Add(previous, high);
                    previous = -1;
                    continue;
                }

                set.Add(rune, rune);
                previous = rune;
            }
        }

        private bool TryTake(out int rune, out bool escaped)
        {
            rune = Take();
            escaped = rune == '\\';
            if (!escaped)
                return true;
            if (AtEnd)
            {
                Fail("'\\' must be followed by a rune to escape");
                return false;
            }

            rune = Take();
            return true;
        }

        private int Take()
        {
            var rune = RuneText.At(text, _at, out var width);
            _at += width;
            _runes++;
            return rune;
        }

        private RuneSet? Fail(string message)
        {
            if (Error.Length == 0)
                Error = $"input:{text}, pos:{_runes}, {message}: the input provided is invalid";
            return null;
        }
    }
}
