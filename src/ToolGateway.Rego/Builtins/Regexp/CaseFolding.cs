using System.Collections.Frozen;
using System.Text;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Simple case folding: for a code point the others that differ from it only in case.</summary>
internal static class CaseFolding
{
    private static readonly Lazy<FrozenDictionary<int, int[]>> Orbits = new(Build);

    /// <summary>The code points that fold with <paramref name="rune"/>, itself included; empty when it has no case.</summary>
    public static ReadOnlySpan<int> Orbit(int rune) => Orbits.Value.TryGetValue(rune, out var orbit) ? orbit : [];

    /// <summary>Adds what folds with the members of <paramref name="set"/>.</summary>
    public static RuneSet Fold(RuneSet set)
    {
        var builder = new RuneSet.Builder();
        builder.Add(set);
        foreach (var (rune, orbit) in Orbits.Value)
        {
            if (!set.Contains(rune))
                continue;
            foreach (var other in orbit)
                builder.Add(other, other);
        }

        return builder.ToSet();
    }

    private static FrozenDictionary<int, int[]> Build()
    {
        var groups = new Dictionary<int, SortedSet<int>>();
        for (int rune = 'A'; rune < 0x1F000; rune++)
            Join(groups, rune);
        // The runtime keeps these out of its invariant mapping because they would leave or enter ASCII or differ by platform.
        Unite(groups, 's', 0x17F);
        Unite(groups, 'k', 0x212A);
        Unite(groups, 0xE5, 0x212B);
        Unite(groups, 0x3C9, 0x2126);
        Unite(groups, 0xDF, 0x1E9E);
        return groups.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }

    private static void Join(Dictionary<int, SortedSet<int>> groups, int rune)
    {
        // Dotted capital I and dotless small i fold only in Turkic languages.
        if (!Rune.IsValid(rune) || rune is 0x130 or 0x131)
            return;
        var value = new Rune(rune);
        var lower = Rune.ToLowerInvariant(value).Value;
        var upper = Rune.ToUpperInvariant(value).Value;
        if (lower != rune)
            Unite(groups, rune, lower);
        if (upper != rune)
            Unite(groups, rune, upper);
    }

    private static void Unite(Dictionary<int, SortedSet<int>> groups, int a, int b)
    {
        var left = groups.TryGetValue(a, out var found) ? found : [a];
        var right = groups.TryGetValue(b, out found) ? found : [b];
        left.UnionWith(right);
        foreach (var rune in left)
            groups[rune] = left;
    }
}
