using System.Collections.Concurrent;
using System.Globalization;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>The classes of <c>\p{…}</c>: general categories and scripts.</summary>
internal static class UnicodeClasses
{
    private static readonly ConcurrentDictionary<string, RuneSet> Cache = new(StringComparer.Ordinal);

    // Two letters each, in the order of UnicodeCategory; unassigned is no class in Go.
    private const string Names = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSo";

    public static RuneSet? Find(string name)
    {
        if (Cache.TryGetValue(name, out var known))
            return known;
        var set = name == "Any" ? RuneSet.Of(0, RuneSet.MaxRune) : FindCategory(name) ?? UnicodeScripts.Find(name);
        // Only existing names are kept, so that patterns cannot fill the cache.
        return set is null ? null : Cache.GetOrAdd(name, set);
    }

    private static RuneSet? FindCategory(string name)
    {
        if (name.Length is 0 or > 2)
            return null;
        var wanted = 0;
        for (var i = 0; i < Names.Length / 2; i++)
        {
            if (Names.AsSpan(2 * i, name.Length).SequenceEqual(name))
                wanted |= 1 << i;
        }

        return wanted == 0 ? null : Collect(wanted);
    }

    private static RuneSet Collect(int categories)
    {
        var builder = new RuneSet.Builder();
        var start = -1;
        for (var rune = 0; rune <= RuneSet.MaxRune + 1; rune++)
        {
            var inside = rune <= RuneSet.MaxRune && (categories >> (int)CharUnicodeInfo.GetUnicodeCategory(rune) & 1) != 0;
            if (inside == start >= 0)
                continue;
            if (inside)
            {
                start = rune;
                continue;
            }

            builder.Add(start, rune - 1);
            start = -1;
        }

        return builder.ToSet();
    }
}
