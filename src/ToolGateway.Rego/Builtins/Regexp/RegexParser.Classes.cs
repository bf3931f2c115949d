namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Bracket expressions, Perl classes and Unicode classes.</summary>
internal sealed partial class RegexParser
{
    private static readonly RuneSet Digits = RuneSet.Of('0', '9');
    private static readonly RuneSet Spaces = RuneSet.Of('\t', '\n', '\f', '\r', ' ', ' ');
    private static readonly RuneSet WordRunes = RuneSet.Of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');

    private static RuneSet? PosixClass(string name) => name switch
    {
        "alnum" => RuneSet.Of('0', '9', 'A', 'Z', 'a', 'z'),
        "alpha" => RuneSet.Of('A', 'Z', 'a', 'z'),
        "ascii" => RuneSet.Of(0, 0x7F),
        "blank" => RuneSet.Of('\t', '\t', ' ', ' '),
        "cntrl" => RuneSet.Of(0, 0x1F, 0x7F, 0x7F),
        "digit" => Digits,
        "graph" => RuneSet.Of('!', '~'),
        "lower" => RuneSet.Of('a', 'z'),
        "print" => RuneSet.Of(' ', '~'),
        "punct" => RuneSet.Of('!', '/', ':', '@', '[', '`', '{', '~'),
        "space" => RuneSet.Of('\t', '\r', ' ', ' '),
        "upper" => RuneSet.Of('A', 'Z'),
        "word" => WordRunes,
        "xdigit" => RuneSet.Of('0', '9', 'A', 'F', 'a', 'f'),
        _ => null,
    };

    private void ParseClass(List<RegexNode> items)
    {
        var start = _at++;
        var negated = !AtEnd && pattern[_at] == '^';
        if (negated)
            _at++;
        var builder = new RuneSet.Builder();
        // A closing bracket that comes first is a member.
        for (var first = true; first || AtEnd || pattern[_at] != ']'; first = false)
        {
            if (TryParseNamedClass(builder) || TryParseClassEscape(builder))
            {
                if (Error is not null)
                    return;
                continue;
            }

            ParseRange(builder, start);
            if (Error is not null)
                return;
        }

        _at++;
        var set = builder.ToSet();
        items.Add(new ClassNode(negated ? set.Negate() : set));
    }

    private void ParseRange(RuneSet.Builder builder, int classStart)
    {
        var start = _at;
        var low = ParseClassRune(classStart);
        var high = low;
        if (Error is null && _at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
        {
            _at++;
            high = ParseClassRune(classStart);
            if (Error is null && high < low)
                Fail("invalid character class range", pattern[start.._at]);
        }

        if (Error is null)
            AddSet(builder, RuneSet.Of(low, high), negated: false);
    }

    private int ParseClassRune(int classStart)
    {
        if (AtEnd)
        {
            Fail("missing closing ]", pattern[classStart..]);
            return 0;
        }

        return pattern[_at] == '\\' ? ParseEscape() : NextRune();
    }

    private bool TryParseNamedClass(RuneSet.Builder builder)
    {
        if (!pattern.AsSpan(_at).StartsWith("[:"))
            return false;
        var end = pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            return false;
        var name = pattern[(_at + 2)..end];
        var negated = name.StartsWith('^');
        if (PosixClass(negated ? name[1..] : name) is { } set)
            AddSet(builder, set, negated);
        else
            Fail("invalid character class range", pattern[_at..(end + 2)]);
        _at = end + 2;
        return true;
    }

    /// <summary>Reads <c>\d \s \w \p{…}</c> and their negations.</summary>
    private bool TryParseClassEscape(RuneSet.Builder builder)
    {
        if (_at + 1 >= pattern.Length || pattern[_at] != '\\')
            return false;
        var letter = pattern[_at + 1];
        var set = char.ToLowerInvariant(letter) switch
        {
            'd' => Digits,
            's' => Spaces,
            'w' => WordRunes,
            _ => null,
        };
        if (set is not null)
        {
            _at += 2;
            AddSet(builder, set, char.IsAsciiLetterUpper(letter));
            return true;
        }

        if (letter is not ('p' or 'P'))
            return false;
        ParseUnicodeClass(builder, letter == 'P');
        return true;
    }

    private void ParseUnicodeClass(RuneSet.Builder builder, bool negated)
    {
        var start = _at;
        _at += 2;
        if (AtEnd)
        {
            Fail("invalid character class range", pattern[start..]);
            return;
        }

        string name;
        if (pattern[_at] == '{')
        {
            var end = pattern.IndexOf('}', _at);
            if (end < 0)
            {
                Fail("invalid character class range", pattern[start..]);
                return;
            }

            name = pattern[(_at + 1)..end];
            _at = end + 1;
        }
        else
        {
            var from = _at;
            NextRune();
            name = pattern[from.._at];
        }

        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        if (UnicodeClasses.Find(name) is { } set)
            AddSet(builder, set, negated);
        else
            Fail("invalid character class range", pattern[start.._at]);
    }

    private void AddSet(RuneSet.Builder builder, RuneSet set, bool negated)
    {
        if ((_flags & Flags.FoldCase) != 0)
            set = CaseFolding.Fold(set);
        builder.Add(negated ? set.Negate() : set);
    }
}
