namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Backslash escapes.</summary>
internal sealed partial class RegexParser
{
    private void ParseEscapedItem(List<RegexNode> items)
    {
        var place = _at + 1 >= pattern.Length ? RegexPlace.Anywhere : pattern[_at + 1] switch
        {
            'A' => RegexPlace.TextStart,
            'z' => RegexPlace.TextEnd,
            'b' => RegexPlace.WordBoundary,
            'B' => RegexPlace.NoWordBoundary,
            _ => RegexPlace.Anywhere,
        };
        if (place != RegexPlace.Anywhere)
        {
            _at += 2;
            items.Add(new EmptyNode(place));
            return;
        }

        if (pattern.AsSpan(_at).StartsWith(@"\Q"))
        {
            ParseQuoted(items);
            return;
        }

        var builder = new RuneSet.Builder();
        if (TryParseClassEscape(builder))
        {
            items.Add(new ClassNode(builder.ToSet()));
            return;
        }

        var rune = ParseEscape();
        if (Error is null)
            AddLiteral(items, rune);
    }

    private void ParseQuoted(List<RegexNode> items)
    {
        var end = pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        _at += 2;
        while (_at < stop)
            AddLiteral(items, NextRune());
        _at = end < 0 ? stop : end + 2;
    }

    private int ParseEscape()
    {
        var start = _at++;
        if (AtEnd)
        {
            Fail("trailing backslash at end of expression", "");
            return 0;
        }

        var c = NextRune();
        switch (c)
        {
            case >= '1' and <= '7' when AtEnd || pattern[_at] is < '0' or > '7':
                break;
            case >= '0' and <= '7':
                return ParseOctal(c - '0');
            case 'x':
                return ParseHex(start);
            case 'a':
                return 7;
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case < 0x80 when !char.IsAsciiLetterOrDigit((char)c):
                return c;
        }

        Fail("invalid escape sequence", pattern[start.._at]);
        return 0;
    }

    private int ParseOctal(int value)
    {
        for (var i = 0; i < 2 && !AtEnd && pattern[_at] is >= '0' and <= '7'; i++)
            value = (value * 8) + (pattern[_at++] - '0');
        return value;
    }

    private int ParseHex(int start)
    {
        var value = 0;
        var digits = 0;
        var braced = !AtEnd && pattern[_at] == '{';
        if (braced)
            _at++;
        while (!AtEnd && char.IsAsciiHexDigit(pattern[_at]) && value <= RuneSet.MaxRune && (braced || digits < 2))
        {
            value = (value * 16) + Convert.ToInt32(pattern[_at++].ToString(), 16);
            digits++;
        }

        var closed = !braced || (!AtEnd && pattern[_at] == '}');
        if (braced ? digits > 0 && closed && value <= RuneSet.MaxRune : digits == 2)
        {
            _at += braced ? 1 : 0;
            return value;
        }

        if (!AtEnd)
            NextRune();
        Fail("invalid escape sequence", pattern[start.._at]);
        return 0;
    }
}
