using ToolGateway.Rego.Builtins.Regexp;

namespace ToolGateway.Rego.Builtins;

/// <summary>Parses a glob of gobwas/glob into a regular expression that spans the whole text.</summary>
internal sealed class GlobParser
{
    private const int MaxDepth = 256;
    private static readonly RuneSet AnyRune = RuneSet.Of(0, RuneSet.MaxRune);

    private readonly string _pattern;
    private readonly RuneSet _notDelimiter;
    private int _at;
    private int _depth;

    public GlobParser(string pattern, string delimiters)
    {
        _pattern = pattern;
        var builder = new RuneSet.Builder();
        for (var i = 0; i < delimiters.Length; i += RegexSearch.WidthAt(delimiters, i))
        {
            var rune = RuneText.At(delimiters, i, out _);
            builder.Add(rune, rune);
        }

        _notDelimiter = builder.ToSet().Negate();
    }

    public string? Error { get; private set; }

    private bool AtEnd => _at >= _pattern.Length;

    public RegexNode? Parse()
    {
        var body = ParseSequence();
        return Error is null ? new SequenceNode([new EmptyNode(RegexPlace.TextStart), body, new EmptyNode(RegexPlace.TextEnd)]) : null;
    }

    private SequenceNode ParseSequence()
    {
        var items = new List<RegexNode>();
        while (Error is null && !AtEnd)
        {
            var c = _pattern[_at];
            // Outside of alternatives these two are ordinary characters.
            if (_depth > 0 && (c is ',' or '}'))
                break;
            _at++;
            switch (c)
            {
                case '{':
                    items.Add(ParseAlternatives());
                    break;
                case '[':
                    items.Add(ParseRange());
                    break;
                case '?':
                    items.Add(new ClassNode(_notDelimiter));
                    break;
                case '*':
                    items.Add(ParseStar());
                    break;
                default:
                    _at--;
                    if (TryTake(out var rune))
                        items.Add(new ClassNode(RuneSet.Of(rune, rune)));
                    break;
            }
        }

        return new SequenceNode(items);
    }

    private RepeatNode ParseStar()
    {
        var super = !AtEnd && _pattern[_at] == '*';
        if (super)
            _at++;
        return new RepeatNode(new ClassNode(super ? AnyRune : _notDelimiter), 0, -1, true);
    }

    /// <summary>Reads up to the closing brace; as in gobwas/glob the end of the pattern closes too.</summary>
    private ChoiceNode ParseAlternatives()
    {
        if (++_depth > MaxDepth)
            Fail("glob pattern nests too deeply");
        var items = new List<RegexNode> { ParseSequence() };
        while (Error is null && !AtEnd && _pattern[_at] == ',')
        {
            _at++;
            items.Add(ParseSequence());
        }

        _at++;
        _depth--;
        return new ChoiceNode(items);
    }

    /// <summary>Reads <c>[abc]</c>, <c>[a-z]</c> or either with <c>!</c>; a range and single characters do not mix.</summary>
    private ClassNode ParseRange()
    {
        var negated = !AtEnd && _pattern[_at] == '!';
        if (negated)
            _at++;
        var set = _at + 1 < _pattern.Length && IsRange() ? ReadRange() : ReadList();
        if (Error is null && (AtEnd || _pattern[_at] != ']'))
            Fail(AtEnd ? "unexpected end of input" : "expected close range character");
        _at++;
        return new ClassNode(negated ? set.Negate() : set);
    }

    private bool IsRange()
    {
        var width = RegexSearch.WidthAt(_pattern, _at);
        return _at + width < _pattern.Length && _pattern[_at + width] == '-';
    }

    private RuneSet ReadRange()
    {
        var low = NextRune();
        _at++;
        if (AtEnd)
            return Fail("unexpected end of input");
        var high = NextRune();
        if (high < low)
            return Fail($"hi character '{char.ConvertFromUtf32(high)}' should be greater than lo '{char.ConvertFromUtf32(low)}'");
        return RuneSet.Of(low, high);
    }

    private RuneSet ReadList()
    {
        var builder = new RuneSet.Builder();
        var empty = true;
        while (!AtEnd && _pattern[_at] != ']')
        {
            if (!TryTake(out var rune))
                break;
            builder.Add(rune, rune);
            empty = false;
        }

        return empty ? Fail(AtEnd ? "unexpected end of input" : "could not parse range") : builder.ToSet();
    }

    /// <summary>The next character, unescaped; false when a backslash ends the pattern, which then means nothing.</summary>
    private bool TryTake(out int rune)
    {
        rune = 0;
        if (_pattern[_at] == '\\')
            _at++;
        if (AtEnd)
            return false;
        rune = NextRune();
        return true;
    }

    private int NextRune()
    {
        var rune = RuneText.At(_pattern, _at, out var width);
        _at += width;
        return rune;
    }

    private RuneSet Fail(string message)
    {
        Error ??= message;
        return AnyRune;
    }
}
