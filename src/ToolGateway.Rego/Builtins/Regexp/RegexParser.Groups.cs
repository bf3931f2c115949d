namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Groups and flags.</summary>
internal sealed partial class RegexParser
{
    private void ParseGroup(List<RegexNode> items)
    {
        var start = _at;
        var flags = _flags;
        var index = 0;
        if (start + 1 < pattern.Length && pattern[start + 1] == '?')
        {
            if (TryReadName(start, out var name))
            {
                if (Error is not null)
                    return;
                index = AddName(name);
            }
            else if (!ParseFlags(start))
            {
                return;
            }
        }
        else
        {
            _at++;
            index = AddName(null);
        }

        var body = ParseChoice();
        if (Error is null && AtEnd)
            Fail("missing closing )", pattern);
        if (Error is not null)
            return;
        _at++;
        _flags = flags;
        items.Add(index == 0 ? body : new CaptureNode(index, body));
    }

    private int AddName(string? name)
    {
        _names.Add(name);
        return _names.Count - 1;
    }

    private bool TryReadName(int start, out string? name)
    {
        name = null;
        var rest = pattern.AsSpan(start);
        var prefix = rest.StartsWith("(?P<") ? 4 : rest.StartsWith("(?<") ? 3 : 0;
        if (prefix == 0)
            return false;
        var end = pattern.IndexOf('>', start);
        if (end < 0)
        {
            Fail("invalid named capture", pattern[start..]);
            return true;
        }

        name = pattern[(start + prefix)..end];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            Fail("invalid named capture", pattern[start..(end + 1)]);
        else if (_names.Contains(name))
            Fail("duplicate capture group name", name);
        _at = end + 1;
        return true;
    }

    /// <summary>Reads <c>(?flags)</c> or <c>(?flags:</c>; true when a group follows.</summary>
    private bool ParseFlags(int start)
    {
        var flags = _flags;
        var clear = false;
        var any = false;
        for (_at = start + 2; !AtEnd;)
        {
            var c = NextRune();
            if (FlagOf(c) is var flag && flag != Flags.None)
            {
                flags = clear ? flags & ~flag : flags | flag;
                any = true;
            }
            else if (c == '-' && !clear)
            {
                clear = true;
                any = false;
            }
            else if (c is ':' or ')' && (!clear || any))
            {
                _flags = flags;
                return c == ':';
            }
            else
            {
                break;
            }
        }

        Fail("invalid or unsupported Perl syntax", pattern[start.._at]);
        return false;
    }

    private static Flags FlagOf(int c) => c switch
    {
        'i' => Flags.FoldCase,
        'm' => Flags.Multiline,
        's' => Flags.DotNewline,
        'U' => Flags.Lazy,
        _ => Flags.None,
    };
}
