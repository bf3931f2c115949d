using System.Runtime.CompilerServices;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>
/// Parses Go's RE2 syntax (Perl flags). A failure leaves its text, worded as Go words it, in <see cref="Error"/>; every method then returns at once.
/// </summary>
internal sealed partial class RegexParser(string pattern)
{
    private const int MaxDepth = 1000;
    private const int MaxRepeat = 1000;

    private static readonly RuneSet AnyRune = RuneSet.Of(0, RuneSet.MaxRune);
    private static readonly RuneSet NotNewline = RuneSet.Of(0, '\n' - 1, '\n' + 1, RuneSet.MaxRune);

    private readonly List<string?> _names = [null];
    private int _at;
    private int _depth;
    private Flags _flags;

    [Flags]
    private enum Flags
    {
        None = 0,
        FoldCase = 1,
        Multiline = 2,
        DotNewline = 4,
        Lazy = 8,
    }

    public string? Error { get; private set; }

    /// <summary>Names of the groups by number; null for those without.</summary>
    public IReadOnlyList<string?> Names => _names;

    private bool AtEnd => _at >= pattern.Length;

    public RegexNode? Parse()
    {
        var node = ParseChoice();
        if (Error is null && !AtEnd)
            Fail("unexpected )", pattern);
        return Error is null ? node : null;
    }

    private RegexNode ParseChoice()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return Fail("expression nests too deeply", pattern);
        var first = ParseSequence();
        List<RegexNode>? items = null;
        while (Error is null && !AtEnd && pattern[_at] == '|')
        {
            _at++;
            (items ??= [first]).Add(ParseSequence());
        }

        _depth--;
        return items is null ? first : new ChoiceNode(items);
    }

    private RegexNode ParseSequence()
    {
        var items = new List<RegexNode>();
        // Where the repetition that ended just here began, or -1: stacked repetitions are an error.
        var repeated = -1;
        while (Error is null && !AtEnd && pattern[_at] is not ('|' or ')'))
        {
            var start = _at;
            repeated = TryParseRepeat(items, repeated) ? start : ParseItem(items);
        }

        return items.Count switch
        {
            0 => new EmptyNode(RegexPlace.Anywhere),
            1 => items[0],
            _ => new SequenceNode(items),
        };
    }

    private int ParseItem(List<RegexNode> items)
    {
        switch (pattern[_at])
        {
            case '(':
                ParseGroup(items);
                break;
            case '[':
                ParseClass(items);
                break;
            case '\\':
                ParseEscapedItem(items);
                break;
            case '^':
                _at++;
                items.Add(new EmptyNode((_flags & Flags.Multiline) != 0 ? RegexPlace.LineStart : RegexPlace.TextStart));
                break;
            case '$':
                _at++;
                items.Add(new EmptyNode((_flags & Flags.Multiline) != 0 ? RegexPlace.LineEnd : RegexPlace.TextEnd));
                break;
            case '.':
                _at++;
                items.Add(new ClassNode((_flags & Flags.DotNewline) != 0 ? AnyRune : NotNewline));
                break;
            default:
                AddLiteral(items, NextRune());
                break;
        }

        return -1;
    }

    private bool TryParseRepeat(List<RegexNode> items, int repeated)
    {
        var start = _at;
        if (!TryReadRepeat(out var least, out var most))
            return false;
        var greedy = (_flags & Flags.Lazy) == 0;
        if (!AtEnd && pattern[_at] == '?')
        {
            _at++;
            greedy = !greedy;
        }

        var text = pattern[start.._at];
        if (repeated >= 0)
            Fail("invalid nested repetition operator", pattern[repeated.._at]);
        else if (items.Count == 0)
            Fail("missing argument to repetition operator", text);
        else if (least > MaxRepeat || most > MaxRepeat || (most >= 0 && least > most))
            Fail("invalid repeat count", text.TrimEnd('?'));
        else
            Repeat(items, new RepeatNode(items[^1], least, most, greedy), text);
        return true;
    }

    private void Repeat(List<RegexNode> items, RepeatNode repeat, string text)
    {
        if ((repeat.Least >= 2 || repeat.Most >= 2) && !FitsRepeat(repeat, MaxRepeat))
        {
            Fail("invalid repeat count", text);
            return;
        }

        items[^1] = repeat;
    }

    private bool TryReadRepeat(out int least, out int most)
    {
        least = 0;
        most = -1;
        switch (pattern[_at])
        {
            case '*':
                break;
            case '+':
                least = 1;
                break;
            case '?':
                most = 1;
                break;
            default:
                return pattern[_at] == '{' && TryReadCounts(out least, out most);
        }

        _at++;
        return true;
    }

    private bool TryReadCounts(out int least, out int most)
    {
        var at = _at + 1;
        most = -1;
        if (!TryReadCount(ref at, out least) || at >= pattern.Length)
            return false;
        if (pattern[at] != ',')
            most = least;
        else if (++at >= pattern.Length)
            return false;
        else if (pattern[at] != '}' && !TryReadCount(ref at, out most))
            return false;
        if (at >= pattern.Length || pattern[at] != '}')
            return false;
        _at = at + 1;
        return true;
    }

    private bool TryReadCount(ref int at, out int count)
    {
        count = 0;
        var start = at;
        while (at < pattern.Length && char.IsAsciiDigit(pattern[at]))
            count = Math.Min((count * 10) + (pattern[at++] - '0'), MaxRepeat + 1);
        // Leading zeros make the braces literal, as in Go.
        return at > start && (pattern[start] != '0' || at == start + 1);
    }

    private static bool FitsRepeat(RegexNode node, int limit)
    {
        if (node is RepeatNode repeat)
        {
            var count = repeat.Most < 0 ? repeat.Least : repeat.Most;
            // Stars and pluses are no counted repetitions.
            if (repeat.Most == 0)
                return true;
            if (repeat is { Most: < 0, Least: < 2 } or { Most: 1, Least: 0 })
                count = 1;
            if (count > limit)
                return false;
            limit /= Math.Max(count, 1);
        }

        return node switch
        {
            RepeatNode r => FitsRepeat(r.Body, limit),
            CaptureNode c => FitsRepeat(c.Body, limit),
            SequenceNode s => s.Items.All(item => FitsRepeat(item, limit)),
            ChoiceNode c => c.Items.All(item => FitsRepeat(item, limit)),
            _ => true,
        };
    }

    private void AddLiteral(List<RegexNode> items, int rune)
    {
        var orbit = (_flags & Flags.FoldCase) == 0 ? [] : CaseFolding.Orbit(rune);
        if (orbit.IsEmpty)
        {
            items.Add(new ClassNode(RuneSet.Of(rune, rune)));
            return;
        }

        var builder = new RuneSet.Builder();
        foreach (var other in orbit)
            builder.Add(other, other);
        items.Add(new ClassNode(builder.ToSet()));
    }

    private int NextRune()
    {
        var rune = RuneText.At(pattern, _at, out var width);
        _at += width;
        return rune;
    }

    private EmptyNode Fail(string code, string text)
    {
        Error ??= $"error parsing regexp: {code}: `{text}`";
        return new EmptyNode(RegexPlace.Anywhere);
    }
}
