using System.Collections.Concurrent;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Compiled patterns, shared by all evaluations and bounded: patterns may come from input.</summary>
internal static class RegexCache
{
    private const int MaxEntries = 512;
    private const int MaxSize = 256 * 1024;

    private static readonly ConcurrentDictionary<string, GoRegex> Entries = new(StringComparer.Ordinal);
    private static int _count;

    /// <summary>The compiled pattern, or null with the failure noted in <paramref name="context"/>.</summary>
    public static GoRegex? Get(BuiltinContext context, string pattern)
    {
        if (Entries.TryGetValue(pattern, out var known))
            return known;
        if (GoRegex.Compile(pattern, context.Budget, out var error) is not { } regex)
        {
            context.Fail(error);
            return null;
        }

        Add(pattern, regex);
        return regex;
    }

    /// <summary>The entry at <paramref name="key"/>, for patterns of other languages that end up as regular expressions.</summary>
    public static GoRegex? Peek(string key) => Entries.GetValueOrDefault(key);

    public static void Add(string key, GoRegex regex)
    {
        if (regex.Size > MaxSize)
            return;
        if (Interlocked.Increment(ref _count) > MaxEntries)
        {
            // Starting over is cheap beside compiling, and keeps reading free of bookkeeping.
            Entries.Clear();
            Interlocked.Exchange(ref _count, 1);
        }

        Entries[key] = regex;
    }
}
